import { type Caller, signToken, userActions } from "../../src/cli/tokens.ts";

const CALL_TIMEOUT_MS = 30_000;
const PAGE = 200;
const PRODUCT = "vserver";
const SERVER = {
  resourceType: "server",
  name: "web",
  configuration: [{ sku: "dev.v1.small1x1", quantity: 1 }],
  period: { months: 1 },
};
const ORDER = { action: "create", lines: [SERVER], returnUrl: "http://localhost:3000/done" };

/** More than any load spends. */
export const CREDIT = 1_000_000_000;

export interface Answer<T> {
  readonly status: number;
  readonly isReplayed: boolean;
  readonly body: T;
}

export interface Order {
  readonly id: string;
  readonly status: string;
  readonly total: number;
}

export interface Payment {
  readonly id: string;
  readonly order: string;
  readonly amount: number;
}

interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

interface Verified {
  readonly findings: readonly unknown[];
  readonly nextCursor: string | null;
}

/** The API of a worker that may be gone at any moment. */
export class Api {
  readonly #baseUrl: string;
  readonly #secret: string;

  constructor(baseUrl: string, secret: string) {
    this.#baseUrl = baseUrl;
    this.#secret = secret;
  }

  /** Throws when no answer came. */
  async call<T>(
    caller: Caller,
    method: "GET" | "POST" | "PUT",
    path: string,
    { body, key }: { body?: unknown; key?: string } = {},
  ): Promise<Answer<T>> {
    const answer = await fetch(`${this.#baseUrl}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${await signToken(caller, this.#secret)}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(key === undefined ? {} : { "Idempotency-Key": key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    return {
      status: answer.status,
      isReplayed: answer.headers.get("Idempotency-Replayed") === "true",
      body: (await answer.json()) as T,
    };
  }

  async openAccount(id: string): Promise<void> {
    const account = { email: `${id}@example.com`, name: "An" };
    const credit = { amount: CREDIT, reason: "for a test" };
    expectStatus(await this.call(ADMIN, "PUT", `/v1/accounts/${id}`, { body: account }), 200);
    const path = `/v1/accounts/${id}/credits`;
    expectStatus(await this.call(ADMIN, "POST", path, { body: credit, key: `credit-${id}` }), 201);
  }

  place = (account: string, key: string) =>
    this.call<Order>({ role: "product", product: PRODUCT }, "POST", `/v1/accounts/${account}/orders`, {
      body: ORDER,
      key,
    });

  pay = (account: string, order: string, key: string) =>
    this.call<Payment>(userOf(account), "POST", `/v1/accounts/${account}/orders/${order}/pay`, {
      body: { method: "credit" },
      key,
    });

  /** What is broken anywhere, by the system's own look at the whole. */
  async verify(): Promise<unknown[]> {
    const findings: unknown[] = [];
    for (let body = {}; ; ) {
      const answer = await this.call<Verified>(ADMIN, "POST", "/v1/admin/verify", { body });
      const { findings: more, nextCursor } = expectStatus(answer, 200);
      findings.push(...more);
      if (nextCursor === null) return findings;
      body = { cursor: nextCursor };
    }
  }

  /** What an account's owner sees of it. */
  async books(account: string): Promise<Books> {
    const path = `/v1/accounts/${account}`;
    const [payments, credit, resources, balance] = await Promise.all([
      this.#all<Payment>(account, `${path}/payments`),
      this.#all<CreditMove>(account, `${path}/credit-transactions`),
      this.#all<{ order: string; state: string }>(account, `${path}/resources`),
      this.call<{ credit: { available: number } }>(userOf(account), "GET", `${path}/balance`),
    ]);
    return { payments, credit, resources, available: expectStatus(balance, 200).credit.available };
  }

  async order(account: string, id: string): Promise<Order> {
    const path = `/v1/accounts/${account}/orders/${id}`;
    return expectStatus(await this.call<Order>(userOf(account), "GET", path), 200);
  }

  async #all<T>(account: string, path: string): Promise<T[]> {
    const all: T[] = [];
    for (let query = ""; ; ) {
      const answer = await this.call<Page<T>>(userOf(account), "GET", `${path}?limit=${PAGE}${query}`);
      const { data, nextCursor } = expectStatus(answer, 200);
      all.push(...data);
      if (nextCursor === null) return all;
      query = `&cursor=${encodeURIComponent(nextCursor)}`;
    }
  }
}

interface CreditMove {
  readonly type: string;
  readonly amount: number;
  readonly reference: string;
}

export interface Books {
  readonly payments: readonly Payment[];
  readonly credit: readonly CreditMove[];
  readonly resources: readonly { readonly order: string; readonly state: string }[];
  readonly available: number;
}

const ADMIN: Caller = { role: "admin" };
const userOf = (account: string): Caller => ({ role: "user", account, actions: userActions });

/** An order and its payment, each under its key, as far as they were answered before the worker was gone. */
export interface Purchase {
  readonly account: string;
  readonly placeKey: string;
  readonly payKey: string;
  order: Order | null;
  payment: Payment | null;
}

/** Buys one server after another, as fast as they are answered, until no answer comes. */
export async function buyUntilGone(
  api: Api,
  account: string,
  customer: string,
  paid: () => void,
): Promise<Purchase[]> {
  const purchases: Purchase[] = [];
  for (let n = 1; ; n += 1) {
    const keys = { placeKey: `place-${customer}-${n}`, payKey: `pay-${customer}-${n}` };
    const purchase: Purchase = { account, ...keys, order: null, payment: null };
    purchases.push(purchase);
    try {
      purchase.order = expectStatus(await api.place(account, keys.placeKey), 201);
      purchase.payment = expectStatus(await api.pay(account, purchase.order.id, keys.payKey), 200);
      paid();
    } catch (error) {
      // What stands before a worker that is gone says so with a 5xx.
      if (error instanceof UnexpectedAnswer && error.status < 500) throw error;
      return purchases;
    }
  }
}

class UnexpectedAnswer extends Error {
  readonly status: number;

  constructor({ status, body }: Answer<unknown>) {
    super(`answered ${status}: ${JSON.stringify(body)}`);
    this.status = status;
  }
}

export function expectStatus<T>(answer: Answer<T>, expected: number): T {
  if (answer.status !== expected) throw new UnexpectedAnswer(answer);
  return answer.body;
}
