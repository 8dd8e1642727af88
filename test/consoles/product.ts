import { runInDurableObject } from "cloudflare:test";
import { Webhook } from "standardwebhooks";
import { vi } from "vitest";
import type { AccountObject } from "../../src/account/account-object.ts";
import { ConsoleCalls } from "../../src/account/console-calls.ts";
import type { CallType } from "../../src/domain/console-call.ts";
import type { ProductId, ResourceId } from "../../src/domain/ids.ts";
import {
  type Answer,
  admin,
  bodyOf,
  freshId,
  itemOf,
  type OrderView,
  type OrProblem,
  productConsole,
  type ResourceView,
  type TestAccount,
} from "../support/api.ts";
import { productOf, VSERVER } from "../support/catalogue.ts";
import { Peer, type PeerRequest } from "../support/peer/peer.ts";

/** A call as a console reads it. */
export interface CallPayload {
  readonly type: CallType;
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly resource: string;
    readonly resourceType: string;
    readonly name: string;
    readonly sequence: number;
    readonly order?: string;
    readonly line?: string;
    readonly configuration: readonly { readonly sku: string; readonly quantity: number }[];
    readonly startAt: string | null;
    readonly endAt: string | null;
  };
}

/** The one line of an order that was paid. */
export interface PaidLine {
  readonly order: string;
  readonly line: string;
  readonly resource: ResourceId;
}

/** A product with a console of its own, behind real HTTP. */
export class CalledProduct {
  readonly id = freshId<ProductId>("prd");
  readonly peer = new Peer();
  readonly client = productConsole(this.id);
  readonly path = `/v1/catalog/products/${this.id}`;

  /** What is put for this product; null: nobody is to be called. */
  body(callbackUrl: string | null = this.peer.url) {
    const { name, currency, returnOrigins, resourceTypes } = productOf(VSERVER);
    return { name, currency, returnOrigins, resourceTypes, ...(callbackUrl === null ? {} : { callbackUrl }) };
  }

  async put(callbackUrl?: string | null): Promise<this> {
    bodyOf(await admin.put(this.path, this.body(callbackUrl)), 200);
    return this;
  }

  async newSecret(): Promise<string> {
    return bodyOf(await admin.post<{ secret: string }>(`${this.path}/webhook-secret`), 201).secret;
  }

  /** Orders a small server for a month, which the account pays at once. */
  async sell(account: TestAccount, name = "web"): Promise<PaidLine> {
    const request = {
      action: "create",
      lines: [itemOf({ name })],
      returnUrl: "https://console.example/done",
    };
    const placed = bodyOf(await this.client.post<OrderView>(`${account.path}/orders`, request), 201);
    bodyOf(await account.pay(placed.id), 200);
    const [line] = (await account.order(placed.id)).lines;
    if (!line?.resourceId) throw new Error("a paid line without its resource");
    return { order: placed.id, line: line.id, resource: line.resourceId as ResourceId };
  }

  /** Says how provisioning went. */
  says(
    account: TestAccount,
    { line, resource }: PaidLine,
    status: "succeeded" | "failed",
    reason = "no capacity",
  ): Promise<Answer<OrProblem<ResourceView>>> {
    const body = { orderLine: line, status, ...(status === "failed" ? { reason } : {}) };
    return this.client.post(`${account.path}/resources/${resource}/provisioning`, body);
  }

  /** The calls it got, in the order of arrival. */
  async calls(): Promise<CallPayload[]> {
    return (await this.peer.requests()).map(({ body }) => JSON.parse(body) as CallPayload);
  }

  /** Of the calls it got: what about, in the order of arrival. */
  async heard(): Promise<CallType[]> {
    return (await this.calls()).map(({ type }) => type);
  }
}

/** What the standard's own library reads from a request; it throws where the signature isn't the secret's. */
export const verified = ({ body, headers }: PeerRequest, secret: string): CallPayload =>
  new Webhook(secret).verify(body, headers) as CallPayload;

/** Whether a request is signed with a secret. */
export function isSignedWith(request: PeerRequest, secret: string): boolean {
  try {
    verified(request, secret);
    return true;
  } catch {
    return false;
  }
}

/** A row of an account's list of calls. */
export interface WaitingCall {
  readonly resource: string;
  readonly type: CallType;
  readonly attempts: number;
  readonly nextAttemptAtMs: number | null;
  readonly error: string | null;
}

/** The calls that an account has still to make, each resource's in order. */
export const waitingCalls = (account: TestAccount): Promise<WaitingCall[]> =>
  runInDurableObject(account.object, (_, { storage }) =>
    storage.sql
      .exec<WaitingCall & Record<string, SqlStorageValue>>(
        `SELECT resource, body ->> 'type' AS type, attempts, next_attempt_at_ms AS nextAttemptAtMs, last_error AS error
           FROM console_calls ORDER BY resource, sequence`,
      )
      .toArray(),
  );

let lastSequence = 1_000_000;

/** An object's own list, which knows more than its table: what is being delivered right now. */
async function callsOf(object: AccountObject): Promise<ConsoleCalls> {
  const asked = vi.spyOn(ConsoleCalls.prototype, "nextDueAtMs");
  await object.runDue(0, false);
  const [calls] = asked.mock.contexts as ConsoleCalls[];
  asked.mockRestore();
  if (!calls) throw new Error("the object didn't look at its calls");
  return calls;
}

/** Gives an account more to tell about a resource, as later commands do, and has it tell the queue. */
export async function addCalls(
  account: TestAccount,
  product: CalledProduct,
  { order, line, resource }: PaidLine,
  ...types: readonly CallType[]
): Promise<void> {
  await runInDurableObject(account.object, async (instance) => {
    const calls = await callsOf(instance);
    for (const type of types) {
      lastSequence += 1;
      calls.add(
        {
          type,
          product: product.id,
          resource,
          resourceType: "server" as never,
          name: "web",
          order: order as never,
          line: line as never,
          configuration: [],
          startAtMs: null,
          endAtMs: null,
          atMs: Date.now(),
        },
        lastSequence,
        Date.now(),
      );
    }
  });
  await account.object.runDue(0, false);
}

/** When an account's object wakes next. */
export const alarmOf = (account: TestAccount): Promise<number | null> =>
  runInDurableObject(account.object, (_, { storage }) => storage.getAlarm());
