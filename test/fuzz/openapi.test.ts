import { env, exports } from "cloudflare:workers";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Caller, signToken, userActions } from "../../src/cli/tokens.ts";
import { resetClock } from "../http/clock.ts";
import { VMONITOR, VSERVER } from "../support/catalogue.ts";
import { type Draft, filledIn, type Hints, Raw, Requests, spoiled, Values } from "./arbitraries.ts";
import { type Document, type Operation, type Parameter, Schemas } from "./schema.ts";
import { type Scene, World } from "./world.ts";

/**
 * How much, and which: `VITE_FUZZ_REQUESTS=2000 VITE_FUZZ_SEED=7 npx vitest run test/fuzz`. (Variables with this prefix
 * are the ones that reach tests in workerd.) A failure prints the request and its answer.
 */
const REQUESTS = Number(process.env.VITE_FUZZ_REQUESTS ?? 100);
const SEED = Number(process.env.VITE_FUZZ_SEED ?? 20_270_101);
/** So many of a call's requests are made one by one, the others are certainly wrong and made at once. */
const ONE_BY_ONE = 0.3;
const AT_ONCE = 10;
/** Calls that look at all accounts, or go through all that is due, take longer. */
const LOOK_AT_ALL = /\/(verify|rebuild|advance)$/;
const SHARE_OF_THOSE = 0.2;
const REQUESTS_A_SECOND_AT_LEAST = 20;

const ORIGIN = "http://edge-billing.test";

const document = await readDocument();
const schemas = new Schemas(document);

const HINTS: Hints = {
  refs: new Set([
    ...["account", "order", "resource", "orderLine", "product", "coupon", "code", "mail"],
    ...["resourceType", "returnUrl", "cancelUrl"],
  ]),
  typical: {
    sku: ["small", "disk", "odd"],
    unit: ["30 days"],
    metering: ["configuration"],
    taxRate: ["10", "8"],
    discount: ["0"],
    percent: ["10"],
    timeZone: ["Asia/Ho_Chi_Minh"],
    name: ["web"],
    resourceId: [undefined],
    callbackUrl: ["https://console.example/calls"],
  },
};
const values = new Values(schemas, HINTS);

interface Call {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const CALLS: readonly Call[] = Object.entries(document.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    operation,
  })),
);

let world: World;
let scenes: readonly Scene[] = [];
let callers: readonly { readonly name: string; readonly token: string }[];
/** What the worker last said of a failure of its own. */
let lastError = "";
const answered = new Map<string, Map<number, number>>();

beforeAll(async () => {
  world = await World.open();
  vi.spyOn(console, "info").mockImplementation(() => {});
  for (const level of ["warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line: unknown) => {
      lastError = String(line);
    });
  }
  const everybody: readonly Caller[] = [
    { role: "admin" },
    { role: "product", product: VSERVER },
    { role: "user", account: world.mine.id, actions: userActions },
    { role: "user", account: world.theirs.id, actions: userActions },
    { role: "product", product: VMONITOR },
  ];
  callers = await Promise.all(
    everybody.map(async (caller) => ({
      name: JSON.stringify(caller),
      token: await signToken(caller, env.AUTH_SECRET ?? ""),
    })),
  );
});

afterEach(async () => void (await resetClock()));

describe.each(CALLS)("$name", (call) => {
  const { method, path, operation } = call;
  const isRead = method === "GET";
  const share = LOOK_AT_ALL.test(path) ? SHARE_OF_THOSE : 1;
  const oneByOne = Math.ceil(REQUESTS * share * (isRead ? 0 : ONE_BY_ONE));
  const atOnce = Math.ceil((REQUESTS * share - oneByOne) / AT_ONCE);
  const timeout = 30_000 + (REQUESTS / REQUESTS_A_SECOND_AT_LEAST) * 1_000;

  it("answers whatever it is asked as it says, and changes nothing where it refuses", {
    timeout,
  }, async () => {
    // Reading uses nothing up.
    if (!isRead || scenes.length === 0) scenes = await world.scenes();
    const admitted = await whoMay(call);
    const requests = new Requests(values, operation);
    const fill = ([draft, scene, caller, isStranger]: readonly [Draft, number, number, boolean]): Filled =>
      fillIn(call, draft, scenes[scene % scenes.length] ?? {}, pick(isStranger ? callers : admitted, caller));
    const one = (drafts: fc.Arbitrary<Draft>) =>
      fc.tuple(
        drafts,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      );
    const options = { seed: SEED, endOnFailure: true };

    let before = await world.marks();
    await fc.assert(
      fc.asyncProperty(one(fc.oneof(requests.described(), requests.broken())), async (plan) => {
        const request = fill(plan);
        const status = await ask(request);
        if (status >= 400) {
          if (ACTS_BY_REFUSING.has(lastCode)) return;
          const after = await world.marksComingTo(before);
          if (after !== before)
            throw new Error(`a refused call changed something:\n${told(request)}\n${before}\n${after}`);
          return;
        }
        await world.settled();
        before = await world.marks();
      }),
      { ...options, numRuns: oneByOne },
    );

    const volley = fc.array(
      one(fc.oneof(requests.described(), { weight: 4, arbitrary: requests.broken() })),
      {
        minLength: AT_ONCE * 2,
        maxLength: AT_ONCE * 2,
      },
    );
    await fc.assert(
      fc.asyncProperty(volley, async (plans) => {
        // Reading changes nothing either way; of the others only those that must be refused.
        const sent = plans.map(fill).filter((request) => isRead || request.flaws.length > 0);
        const statuses = await Promise.all(sent.slice(0, AT_ONCE).map(ask));
        const after = await world.marksComingTo(before);
        if (after !== before)
          throw new Error(
            `one of these changed something:\n${sent.map(told).join("\n")}\n${before}\n${after}`,
          );
        for (const [index, request] of sent.slice(0, AT_ONCE).entries()) {
          if (request.flaws.length > 0 && (statuses[index] ?? 0) < 400)
            throw new Error(`should be refused, ${request.flaws.join("; ")}:\n${told(request)}`);
        }
      }),
      { ...options, numRuns: isRead || operation.requestBody || operation.parameters ? atOnce : 0 },
    );
    expect(await world.findings()).toEqual([]);
  });
});

afterAll(() => {
  const never = CALLS.filter(
    ({ name }) => ![...(answered.get(name)?.keys() ?? [])].some((status) => status < 300),
  );
  expect(
    never.map(({ name }) => `${name} was never asked rightly: name what it needs in the hints or the scenes`),
  ).toEqual([]);
});

async function readDocument(): Promise<Document> {
  return (await exports.default.fetch(`${ORIGIN}/openapi.json`)).json();
}

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** Callers whom the call doesn't turn away at once. */
async function whoMay(call: Call): Promise<typeof callers> {
  const [scene = {}] = scenes;
  const draft: Draft = { path: scene, query: [], key: null, contentType: null, body: null };
  const found: (typeof callers)[number][] = [];
  for (const caller of callers) {
    const { url, init } = fillIn(
      call,
      {
        ...draft,
        path: Object.fromEntries(inPath(call).map(({ name }) => [name, lookUp(call, scene, name)])),
      },
      scene,
      caller,
    );
    const { status } = await exports.default.fetch(url, init);
    if (status !== 401 && status !== 403) found.push(caller);
  }
  await world.settled();
  return found;
}

const inPath = ({ operation }: Call): Parameter[] =>
  (operation.parameters ?? []).filter((parameter) => parameter.in === "path");

/** What a name stands for in a call's scene. */
function lookUp({ method, path }: Call, scene: Scene, name: string): unknown {
  if (name === "code") return path.includes("/coupons/") ? scene.coupon : scene.invoice;
  // The scenes go on with the prices they know.
  if (name === "product" && method === "PUT") return "fuzzed";
  return scene[name] ?? "none";
}

interface Filled {
  readonly call: Call;
  readonly url: string;
  readonly init: RequestInit & { readonly body?: string };
  readonly caller: string;
  /** Why it isn't what the document describes. */
  readonly flaws: readonly string[];
}

function fillIn(call: Call, draft: Draft, scene: Scene, caller: (typeof callers)[number]): Filled {
  const fill = (value: unknown) => filledIn(value, (name) => lookUp(call, scene, name));
  const spell = (value: unknown) => (value instanceof Raw ? value.text : encodeURIComponent(String(value)));
  const inPath = Object.fromEntries(
    Object.entries(draft.path).map(([name, value]) => [name, spell(fill(value))]),
  );
  const path = call.path.replaceAll(/\{(\w+)\}/g, (_, name) => inPath[name] ?? "none");
  const query = draft.query.map(([name, value]) => `${name}=${spell(fill(value))}`).join("&");
  const body = draft.body && spoiled(JSON.stringify(fill(draft.body.value)) ?? "", draft.body.spoil);
  const type = draft.contentType;
  return {
    call,
    url: `${ORIGIN}${path}${query && `?${query}`}`,
    init: {
      method: call.method,
      headers: {
        Authorization: `Bearer ${caller.token}`,
        ...(type ? { "Content-Type": type } : {}),
        ...(draft.key === null ? {} : { "Idempotency-Key": draft.key }),
      },
      ...(body === null ? {} : { body }),
    },
    caller: caller.name,
    flaws: [
      ...flawsOfBody(call.operation, body, type),
      ...flawsOfAddress(call.operation, inPath, draft, fill),
    ],
  };
}

function flawsOfBody({ requestBody }: Operation, body: string | null, type: string | null): string[] {
  const schema = requestBody?.content["application/json"]?.schema;
  if (!schema) return [];
  if (body === null || type !== "application/json") return ["not JSON"];
  try {
    // What begins with a byte order mark is the fetch standard's to judge.
    return schemas.flaws(schema, JSON.parse(body.replace(/^\ufeff/, "")));
  } catch {
    return ["malformed JSON"];
  }
}

function flawsOfAddress(
  { parameters = [] }: Operation,
  path: Readonly<Record<string, string>>,
  { query }: Draft,
  fill: (value: unknown) => unknown,
): string[] {
  return parameters.flatMap(({ name, in: where, schema }) => {
    if (where === "header") return [];
    if (where === "path") return readable(path[name]).flatMap((text) => schemas.flaws(schema, text));
    const given = query.filter(([candidate]) => candidate === name);
    const [first] = given;
    // What is given twice is for the server to choose from.
    if (given.length !== 1 || !first) return [];
    const value = first[1] instanceof Raw ? first[1].text : fill(first[1]);
    return readable(String(value)).flatMap((text) =>
      schemas.flaws(schema, schema.type === "integer" ? Number(text) : text),
    );
  });
}

/** What a piece of an address says, if that can be said. */
function readable(piece: string | undefined): string[] {
  try {
    return piece === undefined ? [] : [decodeURIComponent(piece)];
  } catch {
    return [];
  }
}

const LONGEST_TOLD = 2_000;

function told({ init, url, caller, flaws }: Filled): string {
  const headers = Object.entries(init.headers ?? {}).filter(([name]) => name !== "Authorization");
  return `${init.method} ${url}\n  by ${caller}\n  ${JSON.stringify(headers)}\n  ${init.body?.slice(0, LONGEST_TOLD)}\n  ${flaws[0] ?? ""}`;
}

/** Sends a request; its answer must be one that the document describes. Returns the status. */
async function ask(request: Filled): Promise<number> {
  const { call, url, init } = request;
  lastError = "";
  const response = await exports.default.fetch(url, init);
  const text = await response.text();
  const flaws = flawsOfAnswer(call, response, text);
  if (flaws.length > 0) {
    throw new Error(
      `${told(request)}\nanswered ${response.status} ${text.slice(0, LONGEST_TOLD)}\n${flaws.join("\n")}\n${lastError}`,
    );
  }
  const statuses = answered.get(call.name) ?? new Map<number, number>();
  statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  answered.set(call.name, statuses);
  return response.status;
}

function flawsOfAnswer({ operation }: Call, { status, headers }: Response, text: string): string[] {
  if (status >= 500) return ["a failure of its own"];
  const declared = operation.responses[status] ?? (status >= 400 ? operation.responses.default : undefined);
  if (!declared) return [`${status} isn't among its answers`];
  const type = status >= 400 ? "application/problem+json" : "application/json";
  const schema = declared.content?.[type]?.schema;
  if (!schema) return [`${status} has no ${type}`];
  const body: unknown = JSON.parse(text);
  return [
    ...(headers.get("Content-Type") === type ? [] : [`it is ${headers.get("Content-Type")}`]),
    ...schemas.flaws(schema, body),
    ...(status >= 400 && (body as { status: number }).status !== status
      ? ["its problem has another status"]
      : []),
  ];
}
