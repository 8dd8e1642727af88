import { env, exports } from "cloudflare:workers";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { signToken, type Caller as TokenFor, userActions } from "../../src/cli/tokens.ts";
import { resetClock } from "../http/clock.ts";
import { VMONITOR, VSERVER } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { type Draft, type Hints, Ref, Requests, Values } from "./arbitraries.ts";
import { ask, type Call, type Caller, callsOf, described, ORIGIN, type Sent, written } from "./asking.ts";
import { type Document, Schemas } from "./schema.ts";
import { type Scene, World } from "./world.ts";

/**
 * How much, and which: `VITE_FUZZ_REQUESTS=2000 VITE_FUZZ_SEED=7 npx vitest run test/fuzz`. (Variables with this prefix
 * are the ones that reach tests in workerd.) A failure prints the request and its answer.
 */
const REQUESTS = Number(process.env.VITE_FUZZ_REQUESTS ?? 80);
const SEED = Number(process.env.VITE_FUZZ_SEED ?? 20_270_101);
/** So many of a call's requests are made one by one; the others are certainly wrong, or only read, and made at once. */
const ONE_BY_ONE = 0.5;
const AT_ONCE = 10;
/** Files, which are written by what is imported for them: under test a request can't wait for what another one imports. */
const IN_TURN = /\.(csv|pdf|xlsx)$/;
/** Calls that look at all accounts, or go through all that is due, take longer. */
const LOOK_AT_ALL = /\/(verify|rebuild|advance)$/;
const SHARE_OF_THOSE = 0.3;
const REQUESTS_A_SECOND_AT_LEAST = 10;
/** With fewer, one or another call may never be asked rightly. */
const REQUESTS_THAT_REACH_ALL = 80;

const document = await readDocument();
const schemas = new Schemas(document);
/** Gateways are answered in their own forms, and have tests of their own. */
const isGateways = ({ name }: Call): boolean => name.includes("/v1/webhooks/");
const calls = callsOf(document).filter((call) => !isGateways(call));

/** Calls that need a past which the scenes don't have: their good answers are seen by their own tests alone. */
const NEED_ANOTHER_PAST: readonly string[] = [
  "POST /v1/accounts/{account}/top-ups",
  "PUT /v1/accounts/{account}/auto-top-up",
  "POST /v1/accounts/{account}/linked-accounts",
  "GET /v1/accounts/{account}/linked-accounts/{linkedAccount}",
  "DELETE /v1/accounts/{account}/linked-accounts/{linkedAccount}",
  "PUT /v1/accounts/{account}/linked-accounts/{linkedAccount}/default",
  "POST /v1/accounts/{account}/resources/{resource}/start",
  "POST /v1/accounts/{account}/recipients",
  "DELETE /v1/accounts/{account}/recipients/{recipient}",
  "DELETE /v1/accounts/{account}/invoice-addresses/{address}",
  "POST /v1/accounts/{account}/invoices/pay",
  "POST /v1/admin/callbacks/{callback}/deposit",
  "POST /v1/admin/console-calls/{account}/{resource}/{resolution}",
  "POST /v1/accounts/{account}/resources/{resource}/stop-poc",
  "POST /v1/accounts/{account}/orders/{order}/share",
  "POST /v1/accounts/{account}/payments/{payment}/refunds",
  "GET /share/{code}",
  "POST /share/{code}/pay",
];

/** What its account's balancer used. */
const EVENT = {
  ...{ id: new Ref("event"), resource: new Ref("metered"), at: new Ref("now") },
  ...{ sku: "traffic-gb", key: "10.0.0.1", quantity: "1.5" },
};
const GAUGED = { ...EVENT, id: new Ref("anotherEvent"), sku: "cache-gb", key: undefined, quantity: "12.5" };

/** What a random request would hardly ever hit; a new call may need its own. */
const HINTS: Hints = {
  refs: new Set([
    ...["account", "order", "resource", "orderLine", "product", "coupon", "code", "mail", "recipient"],
    ...["address", "codes"],
    ...["resourceType", "returnUrl", "cancelUrl"],
  ]),
  typical: {
    action: ["create"],
    amount: [1_000, 1_000_000_000],
    alertEmail: [undefined, null],
    billingMode: ["prepaid"],
    callbackUrl: ["https://console.example/calls"],
    discount: ["0"],
    invoiceAddress: [undefined],
    item: [undefined, 0],
    metering: ["configuration"],
    months: [1, 3],
    name: ["web"],
    percent: [undefined, "10"],
    cap: [undefined],
    certified: [true],
    period: [{ months: 1 }],
    events: [[EVENT], [GAUGED, EVENT]],
    quantity: [1, 2],
    resourceId: [undefined],
    sku: ["small", "disk", "odd"],
    taxRate: ["10", "8"],
    taxCode: ["0101234567"],
    type: ["personal", "enterprise"],
    timeZone: ["Asia/Ho_Chi_Minh"],
    unit: ["30 days"],
  },
};
const values = new Values(schemas, HINTS);

/** Refusals that do something all the same: a console that is too late is told to delete what it made. */
const ACTING_REFUSALS = new Set(["line_already_refunded"]);

let world: World;
let scenes: readonly Scene[] = [];
let callers: readonly Caller[];
const statuses = new Map<Call, Set<number>>(calls.map((call) => [call, new Set()]));

beforeAll(async () => {
  recordLogs();
  world = await World.open();
  const everybody: readonly TokenFor[] = [
    { role: "admin" },
    { role: "product", product: VSERVER },
    { role: "user", account: world.mine.id, actions: userActions },
    { role: "user", account: world.theirs.id, actions: userActions },
    { role: "user", account: world.owing.id, actions: userActions },
    { role: "product", product: VMONITOR },
  ];
  callers = await Promise.all(
    everybody.map(async (caller) => ({
      name: caller.role === "admin" ? "admin" : (Object.values(caller).slice(0, 2).join(" ") as string),
      token: await signToken(caller, env.AUTH_SECRET ?? ""),
    })),
  );
});

afterEach(async () => void (await resetClock()));

describe.each(calls)("$name", (call) => {
  const isRead = call.method === "GET";
  const count = REQUESTS * (LOOK_AT_ALL.test(call.path) ? SHARE_OF_THOSE : 1);
  const oneByOne = Math.ceil(count * (isRead ? 0 : ONE_BY_ONE));
  const volleys = Math.ceil((count - oneByOne) / AT_ONCE);
  const timeout = 60_000 + (REQUESTS / REQUESTS_A_SECOND_AT_LEAST) * 1_000;
  const options = { seed: SEED, endOnFailure: true };
  const requests = new Requests(values, call.operation);

  it("answers as it says whatever it is asked, and changes nothing where it refuses", {
    timeout,
  }, async () => {
    // Other calls use nothing of an account up.
    const usesUp = !isRead && call.path.includes("{account}");
    if (usesUp || scenes.length === 0) scenes = await world.scenes();
    const plans = planned(call, await whoMay(call));
    let before = await world.marks();

    const any = fc.oneof({ weight: 2, arbitrary: requests.described() }, requests.broken());
    const property = fc.asyncProperty(plans(any), async (plan) => {
      const request = plan();
      const { status, code = "" } = await asked(request);
      if (status >= 400 && !ACTING_REFUSALS.has(code)) return expectUnchanged(before, [request]);
      await world.settled();
      before = await world.marks();
    });
    await fc.assert(property, { ...options, numRuns: oneByOne });

    const wrong = fc.array(plans(isRead ? any : requests.broken()), {
      minLength: AT_ONCE * 2,
      maxLength: AT_ONCE * 2,
    });
    const volley = fc.asyncProperty(wrong, async (wrongs) => {
      const sent = wrongs.map((plan) => plan()).filter(({ flaws }) => isRead || flaws.length > 0);
      const told = await (IN_TURN.test(call.path) ? askedInTurn : askedAtOnce)(sent.slice(0, AT_ONCE));
      const taken = sent.filter((request, n) => request.flaws.length > 0 && (told[n]?.status ?? 400) < 400);
      expect(taken.map(described), "requests that aren't as described, and were taken").toEqual([]);
      await expectUnchanged(before, sent);
    });
    await fc.assert(volley, { ...options, numRuns: volleys });
    expect(await world.findings()).toEqual([]);
  });
});

afterAll(() => {
  if (REQUESTS < REQUESTS_THAT_REACH_ALL) return;
  const never = calls.filter((call) => ![...(statuses.get(call) ?? [])].some((status) => status < 300));
  const advice = "was never asked rightly: name what it needs in the hints or the scenes";
  const unexplained = never.filter(({ name }) => !NEED_ANOTHER_PAST.includes(name));
  expect(unexplained.map(({ name }) => `${name} ${advice}`)).toEqual([]);
});

async function readDocument(): Promise<Document> {
  return (await exports.default.fetch(`${ORIGIN}/openapi.json`)).json();
}

async function asked(request: Sent) {
  const told = await ask(schemas, request);
  statuses.get(request.call)?.add(told.status);
  return told;
}

const askedAtOnce = (requests: readonly Sent[]) => Promise.all(requests.map(asked));

async function askedInTurn(requests: readonly Sent[]) {
  const told: Awaited<ReturnType<typeof asked>>[] = [];
  for (const request of requests) told.push(await asked(request));
  return told;
}

async function expectUnchanged(before: string, requests: readonly Sent[]): Promise<void> {
  const after = await world.marksComingTo(before);
  if (after !== before) expect(after, requests.map(described).join("\n\n")).toBe(before);
}

/** Requests about one of the scenes, mostly by somebody who may make them. They are filled in when they are made. */
const planned = (call: Call, admitted: readonly Caller[]) => (drafts: fc.Arbitrary<Draft>) =>
  fc.tuple(drafts, fc.nat(), fc.nat(), fc.nat({ max: 9 })).map(([draft, which, who, chance]) => (): Sent => {
    const scene = scenes[which % scenes.length] ?? {};
    const among = chance === 0 ? callers : admitted;
    const asks = among[who % among.length];
    // Bills are paid by the owner of the account that has them.
    const owner = scene.account === world.owing.id && asks?.name === `user ${world.mine.id}`;
    const caller = owner ? callers.find(({ name }) => name === `user ${world.owing.id}`) : asks;
    if (!caller) throw new Error(`nobody may call ${call.name}`);
    return written(schemas, { call, draft, caller, lookUp: (name) => lookUp(call, scene, name) });
  });

/** What a name stands for in a call's scene. */
function lookUp({ method, path }: Call, scene: Scene, name: string): unknown {
  if (name === "code" && path.includes("/credit-notes/")) return scene.creditNote;
  if (name === "code") return path.includes("/coupons/") ? scene.coupon : scene.invoice;
  if (name === "codes") return [scene.invoice];
  // The scenes go on with the prices they know.
  if (name === "product" && method === "PUT") return "fuzzed";
  return scene[name] ?? "none";
}

/** Callers whom the call doesn't turn away from a scene. */
async function whoMay(call: Call): Promise<readonly Caller[]> {
  const names = (call.operation.parameters ?? []).flatMap(({ name, in: where }) =>
    where === "path" ? [name] : [],
  );
  const path = Object.fromEntries(names.map((name) => [name, new Ref(name)]));
  const draft: Draft = { path, query: [], key: null, contentType: null, body: null };
  const [scene = {}] = scenes;
  const found: { readonly caller: Caller; readonly status: number }[] = [];
  for (const caller of callers) {
    const request = written(schemas, { call, draft, caller, lookUp: (name) => lookUp(call, scene, name) });
    const { status } = await ask(schemas, request);
    if (![401, 403].includes(status)) found.push({ caller, status });
  }
  await world.settled();
  const sees = found.filter(({ status }) => status !== 404);
  return (sees.length > 0 ? sees : found).map(({ caller }) => caller);
}
