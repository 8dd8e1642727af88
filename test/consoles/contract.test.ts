import { createExecutionContext, runDurableObjectAlarm, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { CALL_RETRY_DELAYS_MS } from "../../src/account/console-calls.ts";
import { signToken } from "../../src/cli/tokens.ts";
import { messageOf } from "../../src/consoles/message.ts";
import { CALL_TYPES } from "../../src/domain/console-call.ts";
import worker from "../../src/index.ts";
import { PREVIOUS_SECRET_LIFE_MS, rotateWebhookSecret } from "../../src/store/webhook-secrets.ts";
import { admin, bodyOf, openAccount, type Problem, userOf } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import type { PeerRequest } from "../support/peer/peer.ts";
import { StandingQueue } from "../support/peer/queue.ts";
import { addCalls, CalledProduct, isSignedWith, verified, waitingCalls } from "./product.ts";

const START_MS = Date.UTC(2027, 2, 10, 3, 15);
const HOUR_MS = 3_600_000;

beforeEach(() => {
  recordLogs();
  vi.useFakeTimers({ toFake: ["Date"], now: START_MS });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

const scene = async () => {
  const queue = new StandingQueue();
  const [product, account] = [await new CalledProduct().put(), await openAccount(3 * SMALL_MONTH)];
  /** A call that is made now. */
  const call = async (): Promise<PeerRequest> => {
    await product.sell(account);
    await queue.drain();
    const request = (await product.peer.requests()).at(-1);
    if (!request) throw new Error("it wasn't called");
    return request;
  };
  return { queue, product, account, call };
};

describe("a product's webhook secret", () => {
  test("is shown once, when it is made, and is strong", async () => {
    const { product } = await scene();
    const { status, headers, body } = await admin.post<{ secret: string }>(`${product.path}/webhook-secret`);
    expect([status, Object.keys(body)]).toEqual([201, ["secret"]]);
    expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(headers.get("Cache-Control")).toBe("no-store");
    for (const path of [product.path, "/v1/catalog/products", "/v1/admin/audit"]) {
      expect(JSON.stringify((await admin.get(path)).body)).not.toContain(body.secret.slice("whsec_".length));
    }
  });

  test("is a new one every time, and each product's own", async () => {
    const { product } = await scene();
    const other = await new CalledProduct().put();
    const secrets = [await product.newSecret(), await product.newSecret(), await other.newSecret()];
    expect(new Set(secrets).size).toBe(3);
  });

  test("is not in the worker's logs", async () => {
    const { product, call } = await scene();
    const lines: string[] = [];
    for (const level of ["info", "warn", "error", "log"] as const) {
      vi.spyOn(console, level).mockImplementation((line) => void lines.push(String(line)));
    }
    const secret = await product.newSecret();
    await product.peer.answers({ status: 500 });
    await call();
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join("\n")).not.toContain(secret.slice("whsec_".length));
  });

  test("signs calls alone until it is changed; then the one before signs beside it for a day, and no longer", async () => {
    const { product, call } = await scene();
    const first = await product.newSecret();
    expect(isSignedWith(await call(), first)).toBe(true);
    const second = await product.newSecret();
    pass(PREVIOUS_SECRET_LIFE_MS - 1);
    const within = await call();
    expect([isSignedWith(within, first), isSignedWith(within, second)]).toEqual([true, true]);
    expect(within.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    pass(1);
    const after = await call();
    expect([isSignedWith(after, first), isSignedWith(after, second)]).toEqual([false, true]);
    expect(after.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
    expect(PREVIOUS_SECRET_LIFE_MS).toBe(24 * HOUR_MS);
  });

  test("may be asked for after calls were made: those were signed, too, by one that nobody knows", async () => {
    const { product, call } = await scene();
    expect((await call()).headers["webhook-signature"]).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    const secret = await product.newSecret();
    expect(isSignedWith(await call(), secret)).toBe(true);
  });

  test("that was shown is in force, also when a first call is signed in the same moment", async () => {
    const { product, call } = await scene();
    // The call has read that there is no secret; the admin's comes before it writes its own.
    const prepare = env.DB.prepare.bind(env.DB);
    let shown = "";
    vi.spyOn(env.DB, "prepare").mockImplementation((sql) => {
      const statement = prepare(sql);
      if (shown !== "" || !/insert into "?webhook_secrets"?/i.test(sql)) return statement;
      shown = "being made";
      const bind = statement.bind.bind(statement);
      statement.bind = (...values) => {
        const bound = bind(...values);
        const run = bound.run.bind(bound);
        bound.run = async () => {
          shown = await rotateWebhookSecret(env, product.id, Date.now());
          return run();
        };
        return bound;
      };
      return statement;
    });
    await call();
    expect(shown).toMatch(/^whsec_/);
    expect(isSignedWith(await call(), shown)).toBe(true);
  });

  test("is for an admin to make, and of a product that exists", async () => {
    const { product, account } = await scene();
    const path = `${product.path}/webhook-secret`;
    for (const client of [product.client, userOf(account.id)]) {
      expect(await client.post(path)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    }
    expect(await admin.post("/v1/catalog/products/prd_unknown/webhook-secret")).toMatchObject({
      status: 404,
      body: { code: "product_not_found" },
    });
    const trail = await admin.get<{ data: { action: string; subject: string }[] }>("/v1/admin/audit");
    await product.newSecret();
    const later = await admin.get<{ data: { action: string; subject: string }[] }>("/v1/admin/audit");
    expect(later.body.data.length).toBe(trail.body.data.length + 1);
    expect(later.body.data[0]).toMatchObject({ action: "rotate_webhook_secret", subject: path });
  });
});

describe("a product's callbackUrl", () => {
  /** Puts a product as an installation that is no sandbox would. */
  const putOutside = async (product: CalledProduct, callbackUrl: string) => {
    const request = new Request(`http://edge-billing.test${product.path}`, {
      method: "PUT",
      headers: {
        Authorization: `Bearer ${await signToken({ role: "admin" }, env.AUTH_SECRET ?? "")}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify(product.body(callbackUrl)),
    });
    const context = createExecutionContext();
    const response = await worker.fetch(request, { ...env, SANDBOX: "false" } as Env, context);
    await waitOnExecutionContext(context);
    return { status: response.status, body: (await response.json()) as Problem };
  };

  const REFUSED = {
    status: 422,
    body: { code: "callback_url_not_allowed", errors: [{ path: "callbackUrl" }] },
  };

  test.each([
    "http://console.example.com/",
    "https://10.0.0.1/",
    "https://[::ffff:169.254.169.254]/",
    "https://user:secret@console.example.com/",
    "http://db.internal/",
    "http://127.0.0.2/",
  ])("is refused as %s, and the product stays as it was", async (address) => {
    const product = await new CalledProduct().put(null);
    expect(await admin.put(product.path, product.body(address))).toMatchObject(REFUSED);
    expect(await putOutside(product, address)).toMatchObject(REFUSED);
    expect(bodyOf(await admin.get(product.path), 200)).not.toHaveProperty("callbackUrl");
  });

  test("may be this machine in a sandbox, and nowhere else", async () => {
    const product = await new CalledProduct().put();
    expect(bodyOf(await admin.get(product.path), 200)).toMatchObject({ callbackUrl: product.peer.url });
    expect(await putOutside(product, product.peer.url)).toMatchObject(REFUSED);
    expect(await putOutside(product, "https://console.example.com/hooks")).toMatchObject({ status: 200 });
  });

  test.each(["console.example.com", "ftp://console.example.com/", ""])(
    "that is no http address, as %j, is malformed",
    async (address) => {
      const product = new CalledProduct();
      expect(await admin.put(product.path, product.body(address))).toMatchObject({
        status: 400,
        body: { errors: [{ path: "callbackUrl" }] },
      });
    },
  );

  test("is looked at again before each call: what was allowed once may not be any more", async () => {
    const { queue, product, account } = await scene();
    await product.sell(account);
    await queue.drain({ installation: { SANDBOX: "false" } });
    expect(await product.peer.requests()).toEqual([]);
    const refused = { error: "the address may not be called", nextAttemptAtMs: expect.any(Number) };
    expect(await waitingCalls(account)).toMatchObject([{ attempts: 1, ...refused }]);
    // Whoever wrote it into the catalogue: a private address isn't called.
    const body = JSON.stringify({ id: product.id, ...product.body("https://10.0.0.1/") });
    await env.DB.prepare("UPDATE catalogue_versions SET body = ? WHERE product = ?")
      .bind(body, product.id)
      .run();
    pass(CALL_RETRY_DELAYS_MS[1] ?? 0);
    const fetches = vi.spyOn(globalThis, "fetch");
    await runDurableObjectAlarm(account.object);
    await queue.drain();
    expect(fetches).not.toHaveBeenCalled();
    expect(await waitingCalls(account)).toMatchObject([{ attempts: 2, ...refused }]);
  });
});

describe("/openapi.json's webhooks", () => {
  interface Webhook {
    readonly post: {
      readonly summary: string;
      readonly parameters: readonly {
        readonly name: string;
        readonly in: string;
        readonly required: boolean;
      }[];
      readonly requestBody: {
        readonly required: boolean;
        readonly content: { readonly "application/json": { readonly schema: object } };
      };
      readonly responses: object;
    };
  }

  const webhooks = async (): Promise<Record<string, Webhook>> => {
    const { body } = await admin.get<{ webhooks: Record<string, Webhook> }>("/openapi.json");
    return body.webhooks;
  };
  const schemaOf = ({ post }: Webhook) => post.requestBody.content["application/json"].schema;

  test("are the types of calls that there are, each with words of its own", async () => {
    const described = await webhooks();
    expect(Object.keys(described).sort()).toEqual([...CALL_TYPES].sort());
    const summaries = Object.values(described).map(({ post }) => post.summary);
    expect(new Set(summaries).size).toBe(CALL_TYPES.length);
  });

  test("name the standard's headers, a JSON body, and what is taken", async () => {
    for (const { post } of Object.values(await webhooks())) {
      const names = post.parameters.map(({ name, in: where, required }) => [name, where, required]);
      expect(names).toEqual([
        ["webhook-id", "header", true],
        ["webhook-timestamp", "header", true],
        ["webhook-signature", "header", true],
      ]);
      expect(post.requestBody.required).toBe(true);
      expect(Object.keys(post.responses)).toEqual(["2XX"]);
    }
  });

  test("describe exactly what a console gets", async () => {
    const { queue, product, account } = await scene();
    const secret = await product.newSecret();
    const sold = await product.sell(account);
    await queue.drain();
    bodyOf(await product.says(account, sold, "failed"), 200);
    expect((await product.says(account, sold, "succeeded")).status).toBe(409);
    await queue.drain();
    for (const type of CALL_TYPES) {
      await addCalls(account, product, sold, type);
      await queue.drain();
    }
    const described = await webhooks();
    const requests = await product.peer.requests();
    expect(new Set(await product.heard())).toEqual(new Set(CALL_TYPES));
    for (const request of requests) {
      const payload = verified(request, secret);
      const schema = schemaOf(described[payload.type] as Webhook);
      expect(strictly(schema).safeParse(payload), payload.type).toMatchObject({ success: true });
      for (const { name } of described[payload.type]?.post.parameters ?? []) {
        expect(request.headers).toHaveProperty([name]);
      }
    }
  });

  test.each(CALL_TYPES)(
    "describe a %s with all that it may carry, and tell it from the others",
    async (type) => {
      const { body } = messageOf("acc_1" as never, {
        type,
        product: "prd_1" as never,
        resource: "res_1" as never,
        resourceType: "server" as never,
        name: "web",
        order: "ord_1" as never,
        line: "ord_1.1" as never,
        configuration: [{ sku: "small" as never, quantity: 2 }],
        startAtMs: START_MS,
        endAtMs: START_MS + HOUR_MS,
        atMs: START_MS,
        sequence: 7,
      });
      const payload = JSON.parse(body) as { data: object };
      const described = await webhooks();
      const fits = Object.entries(described).filter(
        ([, webhook]) => strictly(schemaOf(webhook)).safeParse(payload).success,
      );
      expect(fits.map(([name]) => name)).toEqual([type]);
      const { sequence: _, ...data } = payload.data as { sequence: number };
      expect(strictly(schemaOf(described[type] as Webhook)).safeParse({ ...payload, data }).success).toBe(
        false,
      );
    },
  );
});

/** Reads a JSON schema so that a member it doesn't name is refused. */
function strictly(schema: object): z.ZodType {
  const closed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(closed);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => [key, closed(inner)]);
    const isObject = "properties" in value;
    return { ...Object.fromEntries(entries), ...(isObject ? { additionalProperties: false } : {}) };
  };
  return z.fromJSONSchema(closed(schema) as Parameters<typeof z.fromJSONSchema>[0]);
}
