import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Caller, signToken } from "../../src/cli/tokens.ts";
import { DAY_MS, HOUR_MS } from "../../src/domain/local-time.ts";
import worker from "../../src/index.ts";
import {
  type Answer,
  admin,
  bodyOf,
  type OrderView,
  openAccount,
  putCatalogue,
  type TestAccount,
} from "../support/api.ts";
import { VSERVER } from "../support/catalogue.ts";
import { advanceClock, type ClockView, later, resetClock, setClock } from "./clock.ts";
import { expectProblem } from "./expect-problem.ts";

const START = "2027-05-01T00:00:00.000Z";
const CLOCK = "/v1/sandbox/clock";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const readClock = async (): Promise<ClockView> => bodyOf(await admin.get<ClockView>(CLOCK), 200);

const isNow = (instant: string): boolean => Math.abs(Date.parse(instant) - Date.now()) < HOUR_MS;

describe("the sandbox clock", () => {
  it("runs in real time until it is set", async () => {
    const clock = await readClock();
    expect([clock.simulated, isNow(clock.now)]).toEqual([false, true]);
  });

  it("stands where it is set, given with any offset, told in UTC", async () => {
    const stands = { now: START, simulated: true };
    expect(await setClock("2027-05-01T07:00:00+07:00")).toEqual(stands);
    expect(await readClock()).toEqual(stands);
    const account = await openAccount();
    expect((await account.place()).createdAt).toBe(START);
  });

  it("moves either way, and runs nothing by that", async () => {
    await setClock(START);
    const account = await openAccount(90_000);
    const order = await account.placeAndPay();
    await setClock(later(START, 100 * DAY_MS));
    expect((await account.order(order.id)).status).toBe("provisioning");
    await setClock(later(START, -100 * DAY_MS));
    expect((await readClock()).now).toBe(later(START, -100 * DAY_MS));
    expect((await account.order(order.id)).status).toBe("provisioning");
  });

  it("advances through what is due up to an instant and stands there", async () => {
    await setClock(START);
    const [first, second] = [await openAccount(90_000), await openAccount(90_000)];
    const paid = await first.placeAndPay();
    await setClock(later(START, HOUR_MS / 2));
    const alsoPaid = await second.placeAndPay();
    const to = later(START, 2 * DAY_MS);
    const { now, simulated, ran } = await advanceClock(to);
    expect([now, simulated, await readClock()]).toEqual([to, true, { now: to, simulated: true }]);
    const ours = ran.filter(({ key }) => key === paid.id || key === alsoPaid.id);
    const ranFor = (account: TestAccount, order: OrderView, afterMs: number, what: string) => ({
      account: account.id,
      kind: "order",
      key: order.id,
      dueAt: later(START, afterMs),
      ran: what,
    });
    expect(ours).toEqual([
      ranFor(first, paid, HOUR_MS, "alerted"),
      ranFor(second, alsoPaid, 1.5 * HOUR_MS, "alerted"),
      ranFor(first, paid, DAY_MS, "refunded"),
      ranFor(second, alsoPaid, DAY_MS + HOUR_MS / 2, "refunded"),
    ]);
    expect((await advanceClock(to)).ran).toEqual([]);
  });

  it("advances to a past or present instant, too, and stands there", async () => {
    await setClock(START);
    const earlier = later(START, -DAY_MS);
    expect(await advanceClock(START)).toMatchObject({ now: START, ran: [] });
    expect(await advanceClock(earlier)).toMatchObject({ now: earlier, ran: [] });
    expect(await readClock()).toEqual({ now: earlier, simulated: true });
  });

  it("returns to real time", async () => {
    await setClock(START);
    const back = await resetClock();
    expect([back.simulated, isNow(back.now)]).toEqual([false, true]);
    const account = await openAccount();
    expect(isNow((await account.place()).createdAt)).toBe(true);
    expect((await resetClock()).simulated).toBe(false);
  });

  it("leaves tokens to real time", async () => {
    await setClock("2126-01-01T00:00:00Z");
    bodyOf(await admin.get("/v1/catalog/products"), 200);
    const old = await signToken({ role: "admin" }, env.AUTH_SECRET ?? "", new Date(Date.now() - 2 * DAY_MS));
    await setClock(new Date(Date.now() - 2 * DAY_MS).toISOString());
    const expired = await admin.get("/v1/catalog/products", { headers: { Authorization: `Bearer ${old}` } });
    expectProblem(expired, { status: 401, code: "unauthenticated" });
  });

  it.each([
    [{}, "now"],
    [{ now: "noon" }, "now"],
    [{ now: "2027-05-01T00:00:00" }, "now"],
    [{ now: 0 }, "now"],
    [{ now: "2027-02-30T00:00:00Z" }, "now"],
    [{ now: START, run: true }, "run"],
  ])("isn't set by %j", async (body, path) => {
    expectProblem(await admin.put(CLOCK, body), { status: 400, code: "invalid_request", path });
    expect((await readClock()).simulated).toBe(false);
  });

  it("doesn't advance to nowhere", async () => {
    const advanced = await admin.post(`${CLOCK}/advance`, { to: "tomorrow" });
    expectProblem(advanced, { status: 400, code: "invalid_request", path: "to" });
    expect((await readClock()).simulated).toBe(false);
  });
});

describe("an installation that isn't a sandbox", () => {
  /** The same worker with the switch as given. */
  async function callWith(
    sandbox: string | undefined,
    method: string,
    path: string,
    body?: object,
    caller: Caller = { role: "admin" },
  ): Promise<Answer<unknown>> {
    const { SANDBOX: _, ...rest } = env;
    const bindings = { ...rest, ...(sandbox === undefined ? {} : { SANDBOX: sandbox }) } as Env;
    const token = await signToken(caller, env.AUTH_SECRET ?? "");
    const request = new Request(`http://edge-billing.test${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const context = createExecutionContext();
    const response = await worker.fetch(request, bindings, context);
    await waitOnExecutionContext(context);
    const { status, headers } = response;
    return { status, headers, replayed: false, body: await response.json() };
  }

  const calls = [
    ["PUT", CLOCK, { now: START }],
    ["GET", CLOCK, undefined],
    ["DELETE", CLOCK, undefined],
    ["POST", `${CLOCK}/advance`, { to: START }],
  ] as const;

  describe.each([undefined, "false", "1", "TRUE", ""])("because its switch is %j", (sandbox) => {
    it.each(calls)("refuses %s %s", async (method, path, body) => {
      const refused = await callWith(sandbox, method, path, body);
      expectProblem(refused, { status: 403, code: "not_a_sandbox" });
      expect((await readClock()).simulated).toBe(false);
    });
  });

  it("runs in real time, whatever a clock was left standing at", async () => {
    await setClock(START);
    const settings = { email: "an@example.com", name: "An" };
    const opened = await callWith("false", "PUT", "/v1/accounts/acc_real", settings);
    expect(isNow((opened.body as { createdAt: string }).createdAt)).toBe(true);
  });

  it("sends no customer back to a local address", async () => {
    const account = await openAccount();
    const order = {
      action: "create",
      lines: [
        {
          resourceType: "server",
          name: "web",
          configuration: [{ sku: "small", quantity: 1 }],
          period: { months: 1 },
        },
      ],
      returnUrl: "http://localhost:3000/",
    };
    const placeWith = (sandbox: string) =>
      callWith(sandbox, "POST", `${account.path}/orders`, order, { role: "product", product: VSERVER });
    const refused = await placeWith("false");
    expectProblem(refused, { status: 422, code: "return_url_not_allowed", path: "returnUrl" });
    expect((await placeWith("true")).status).toBe(201);
  });
});
