import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { behave } from "../gateways/paying.ts";
import {
  admin,
  bodyOf,
  type OrderView,
  type OrProblem,
  openAccount,
  putCatalogue,
  type TestAccount,
} from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { balancer, eventOf, postpaidAccount, report, serveBalancer } from "../usage/metered.ts";
import { advanceClock, resetClock, setClock } from "./clock.ts";
import { expectProblem } from "./expect-problem.ts";

beforeAll(putCatalogue);
afterEach(async () => {
  await resetClock();
  behave("momo");
});

/** A local instant in Saigon. */
const saigon = (text: string) => new Date(`${text}:00+07:00`).toISOString();
/** What a node costs: a dong a minute. */
const DAY = 1_440;

interface Meter {
  readonly sku: string;
  readonly quantity: string;
  readonly days: readonly { readonly date: string; readonly quantity: string }[];
  readonly keys: readonly { readonly key: string | null; readonly quantity: string }[];
  readonly keysInAll: number;
}

interface ResourceUsage {
  readonly month: { readonly startAt: string; readonly endAt: string };
  readonly total: number;
  readonly forecast: { readonly method: string; readonly total: number };
  readonly hold: { readonly held: number } | null;
  readonly meters: readonly Meter[];
}

interface Usage {
  readonly total: number;
  readonly data: readonly { readonly resource: string; readonly total: number }[];
  readonly forecast: {
    readonly method: string;
    readonly soFar: number;
    readonly total: number;
    readonly data: readonly { readonly resource: string; readonly total: number }[];
  };
}

interface Holds {
  readonly held: number;
  readonly missing: number;
  readonly resources: readonly object[];
  readonly payments: readonly object[];
}

const usageOf = (account: TestAccount, resource: string, by = account.user) =>
  by.get<OrProblem<ResourceUsage>>(`${account.path}/resources/${resource}/usage`);

const holdsOf = async (account: TestAccount): Promise<Holds> =>
  bodyOf(await account.user.get<Holds>(`${account.path}/holds`), 200);

/** Somebody with a balancer of so many nodes since the first of April, which has 30 days, and its use until the 11th. */
async function using(
  account: TestAccount,
  serve: (account: TestAccount) => Promise<string>,
): Promise<string> {
  await setClock(saigon("2027-04-01T00:00"));
  const resource = await serve(account);
  await setClock(saigon("2027-04-11T00:00"));
  const traffic = (quantity: string, key: string | undefined, at: string) =>
    eventOf(resource, { quantity, at: saigon(at), ...(key === undefined ? {} : { key }) });
  bodyOf(
    await report(account, [
      traffic("10.5", "203.0.113.7", "2027-04-02T10:00"),
      traffic("1.5", "203.0.113.7", "2027-04-09T10:00"),
      traffic("3", "203.0.113.8", "2027-04-09T11:00"),
      eventOf(resource, { sku: "cache-gb", quantity: "2.5", at: saigon("2027-04-10T20:00") }),
      eventOf(resource, { sku: "data-gb", quantity: "600", at: saigon("2027-04-03T10:00") }),
    ]),
    200,
  );
  return resource;
}

async function holdBalancer(account: TestAccount): Promise<string> {
  const ordered = await account.console.post<OrderView>(`${account.path}/orders`, {
    ...{ action: "create", returnUrl: "https://console.example/done" },
    lines: [{ resourceType: "balancer", name: "lb", configuration: balancer() }],
  });
  const { id } = bodyOf(ordered, 201);
  bodyOf(await account.user.post(`${account.path}/orders/${id}/pay`, { method: "hold" }), 200);
  const [line] = (await account.provisionAll(id, "succeeded")).lines;
  return line?.resourceId ?? "";
}

/** Ten days of it: the node, 15 GB, 2.5 GB of cache for four hours, and a peak of 100 above what is free. */
const SO_FAR = 10 * DAY + 15_000 + Math.round(7.7 * 2.5 * 4) + 28_000;
/** Thirty: three times the pace, and the cache as it is. */
const IN_ALL = 30 * DAY + 45_000 + Math.round(7.7 * 2.5 * (4 + 20 * 24)) + 84_000;

describe("the use of the month so far", () => {
  test.each([
    ["prepaid", () => openAccount(1_000_000), holdBalancer],
    ["postpaid", postpaidAccount, (account: TestAccount) => serveBalancer(account)],
  ] as const)(
    "of a %s account's resource is told by meter, day and key, with what the month will come to",
    async (_, open, serve) => {
      const account = await open();
      const resource = await using(account, serve);
      for (const caller of [account.user, account.console, admin]) {
        const found = bodyOf(await usageOf(account, resource, caller), 200);
        expect(found).toMatchObject({
          ...{ resource, total: SO_FAR },
          month: { startAt: saigon("2027-04-01T00:00"), endAt: saigon("2027-05-01T00:00") },
          forecast: { method: "present_level_and_pace", total: IN_ALL },
        });
      }
      const { meters } = bodyOf(await usageOf(account, resource), 200);
      const meter = (sku: string) => meters.find((one) => one.sku === sku);
      expect(meters.map(({ sku }) => sku).sort()).toEqual(["cache-gb", "data-gb", "traffic-gb"]);
      expect(meter("traffic-gb")).toMatchObject({
        quantity: "15",
        keysInAll: 2,
        keys: [
          { key: "203.0.113.7", quantity: "12" },
          { key: "203.0.113.8", quantity: "3" },
        ],
      });
      const used = meter("traffic-gb")?.days.filter(({ quantity }) => quantity !== "0");
      expect(used).toEqual([
        { date: "2027-04-02", quantity: "10.5" },
        { date: "2027-04-09", quantity: "4.5" },
      ]);
      expect(meter("cache-gb")).toMatchObject({ quantity: "2.5", keys: [] });
      expect(meter("cache-gb")?.days.map(({ quantity }) => quantity)).toEqual([...Array(9).fill("0"), "2.5"]);
      expect(meter("data-gb")).toMatchObject({ quantity: "600" });
      const all = bodyOf(await account.user.get<Usage>(`${account.path}/usage`), 200);
      expect(all).toMatchObject({
        total: SO_FAR,
        data: [{ resource, total: SO_FAR }],
        forecast: { soFar: SO_FAR, total: IN_ALL, data: [{ resource, total: IN_ALL }] },
      });
    },
  );

  test("is what its bill says, once the month is over", async () => {
    const account = await postpaidAccount();
    const resource = await using(account, (one) => serveBalancer(one));
    await advanceClock(saigon("2027-05-01T00:00"));
    const all = bodyOf(await account.user.get<Usage>(`${account.path}/usage`), 200);
    expect(all.forecast).toMatchObject({ soFar: 0 });
    await advanceClock(saigon("2027-05-01T02:00"));
    const [bill] = await account.invoices();
    expect(bill).toMatchObject({ resource, total: all.total });
    const begun = bodyOf(await usageOf(account, resource), 200);
    expect(begun).toMatchObject({ total: 120 + Math.round(7.7 * 2.5 * 2) });
    expect(begun.meters.find(({ sku }) => sku === "cache-gb")).toMatchObject({ quantity: "2.5" });
    expect(begun.meters.find(({ sku }) => sku === "traffic-gb")).toMatchObject({ quantity: "0", keys: [] });
  });

  test("is nobody else's, and there is none of what was paid in advance", async () => {
    const account = await postpaidAccount();
    const resource = await using(account, (one) => serveBalancer(one));
    const stranger = await openAccount(SMALL_MONTH);
    expectProblem(await usageOf(stranger, resource), { status: 404, code: "resource_not_found" });
    const [line] = (await stranger.provisionAll((await stranger.placeAndPay()).id, "succeeded")).lines;
    const paid = await usageOf(stranger, line?.resourceId ?? "");
    expectProblem(paid, { status: 404, code: "resource_not_found" });
  });
});

describe("what is held", () => {
  test("sums to the balance, and says what for and what is missing", async () => {
    await setClock(saigon("2027-04-01T00:00"));
    const account = await openAccount(4 * DAY + 40);
    const resource = await holdBalancer(account);
    await advanceClock(saigon("2027-04-03T00:00"));
    const holds = await holdsOf(account);
    expect(holds).toEqual({
      ...{ currency: "VND", held: 4 * DAY + 40, missing: DAY - 40, payments: [] },
      resources: [
        {
          ...{ resource, resourceName: "lb", state: "active", shortRuns: 1 },
          ...{ held: 4 * DAY + 40, use: 2 * DAY, estimate: 3 * DAY, missing: DAY - 40 },
        },
      ],
    });
    expect((await account.balance()).credit.held).toBe(holds.held);
    await advanceClock(saigon("2027-04-05T00:00"));
    expect((await holdsOf(account)).resources).toMatchObject([{ state: "suspended", shortRuns: 3 }]);
  });

  test("names what is held beside a payment under way, until it is let go", async () => {
    const account = await openAccount(20_000);
    const { id } = await account.place();
    const paid = await account.user.post<{ id: string }>(`${account.path}/orders/${id}/pay`, {
      ...{ method: "top_up_and_pay", gateway: "momo" },
    });
    const holds = await holdsOf(account);
    expect(holds).toMatchObject({ held: 20_000, missing: 0, resources: [], payments: [{ held: 20_000 }] });
    expect(holds.payments).toMatchObject([{ payment: paid.body.id }]);
    await account.user.post(`${account.path}/orders/${id}/cancel`);
    expect(await holdsOf(account)).toMatchObject({ held: 0, payments: [] });
  });

  test("is nothing in an account that has none, and of none there is no answer", async () => {
    expect(await holdsOf(await openAccount(5))).toMatchObject({ held: 0, resources: [], payments: [] });
    const nobody = await admin.get<OrProblem<Holds>>("/v1/accounts/acc_nobody/holds");
    expectProblem(nobody, { status: 404, code: "account_not_found" });
  });
});
