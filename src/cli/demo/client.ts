import type { Report } from "./report.ts";

/** The parts of the API's answers that the demo reads; `/openapi.json` has all of them. */
export interface Product {
  version: number;
  resourceTypes: { id: string; skus: { id: string; unit: string; unitPrice: string }[] }[];
}

export interface Order {
  id: string;
  status: string;
  coupon: string | null;
  subtotal: number;
  discount: number;
  total: number;
  checkoutUrl: string;
  lines: OrderLine[];
}

export interface OrderLine {
  id: string;
  name: string;
  status: string;
  resourceId: string | null;
  gross: number;
  discount: number;
  net: number;
  tax: number;
}

export interface Payment {
  id: string;
  kind: "payment" | "refund" | "deposit";
  status: string;
  method: string;
  amount: number;
  order: string;
  refundOf: string | null;
  lines: { line: string; resource: string; amount: number }[];
}

export interface Resource {
  id: string;
  name: string;
  state: string;
  startAt: string | null;
  endAt: string | null;
}

export interface Invoice {
  code: string;
  status: string;
  total: number;
  paid: number;
  tax: number;
  resourceName: string;
  coupon: { code: string; amount: number } | null;
}

export interface CreditTransaction {
  type: string;
  amount: number;
  balance: { available: number; held: number; total: number };
  description: string;
}

export interface Balance {
  currency: string;
  credit: { available: number; held: number; total: number };
  poc: { balance: number; expiresAt: string | null };
}

export interface Problem {
  code: string;
  detail?: string;
  available?: number;
  missing?: number;
}

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export interface Call {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  body?: unknown;
  /** Repeating a call under the same key has no second effect. */
  idempotencyKey?: string;
  /** The status that the story wants. */
  status: number;
  /** Where the call may take longer than others. */
  timeoutMs?: number;
}

export interface Answer<T> {
  body: T;
  isReplayed: boolean;
}

const CALL_TIMEOUT_MS = 30_000;

/** One caller of the API, with a token of its own. Throws with the problem's words when a call ends otherwise than told. */
export class Caller {
  readonly #who: string;
  readonly #baseUrl: string;
  readonly #token: string;
  readonly #report: Pick<Report, "call">;

  constructor(who: string, baseUrl: string, token: string, report: Pick<Report, "call">) {
    this.#who = who;
    this.#baseUrl = baseUrl;
    this.#token = token;
    this.#report = report;
  }

  async call<T>(call: Call): Promise<Answer<T>> {
    const answer = await this.#send(call);
    return {
      body: (await answer.json()) as T,
      isReplayed: answer.headers.get("Idempotency-Replayed") === "true",
    };
  }

  async get<T>(path: string): Promise<T> {
    return (await this.call<T>({ method: "GET", path, status: 200 })).body;
  }

  /** What kind of file stands at an address. */
  async typeOf(path: string): Promise<string | null> {
    const answer = await this.#send({ method: "GET", path, status: 200 });
    await answer.body?.cancel();
    return answer.headers.get("Content-Type");
  }

  async #send({ method, path, body, idempotencyKey, status, timeoutMs }: Call): Promise<Response> {
    const answer = await fetch(`${this.#baseUrl}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs ?? CALL_TIMEOUT_MS),
    });
    this.#report.call(this.#who, method, path, answer.status);
    if (answer.status === status) return answer;
    const words = await answer.text();
    throw new Error(`${method} ${path} was to answer ${status}, and answered ${answer.status}: ${words}`);
  }
}
