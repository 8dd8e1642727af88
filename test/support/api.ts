import { env, exports } from "cloudflare:workers";
import type { z } from "zod";
import { type Caller, signToken, userActions } from "../../src/cli/tokens.ts";
import type { AccountId, CouponCode, ProductId } from "../../src/domain/ids.ts";
import type { problemSchema } from "../../src/http/problems.ts";
import type { orderSchema } from "../../src/http/routes/order-shapes.ts";
import type { paidSchema, paymentSchema } from "../../src/http/routes/payment-shapes.ts";
import { PRODUCTS, VSERVER } from "./catalogue.ts";

export type OrderView = z.infer<typeof orderSchema>;
export type PaymentView = z.infer<typeof paymentSchema>;
export type PaidView = z.infer<typeof paidSchema>;
export type Problem = z.infer<typeof problemSchema>;

/** What a call answers: what it promises, or a problem. Tests look at the members of either. */
export type OrProblem<T> = Omit<T, "status"> & Omit<Problem, "status"> & { readonly status: unknown };

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export interface BalanceView {
  readonly currency: string;
  readonly credit: { readonly available: number; readonly held: number; readonly total: number };
  readonly poc: { readonly balance: number; readonly expiresAt: string | null };
  readonly outstanding: number;
}

export interface ResourceView {
  readonly id: string;
  readonly product: string;
  readonly resourceType: string;
  readonly name: string;
  readonly state: string;
  readonly startAt: string | null;
  readonly endAt: string | null;
  readonly deletesAt: string | null;
  readonly isBusy: boolean;
  readonly billingStatus: string | null;
  readonly configuration: readonly { readonly sku: string; readonly quantity: number }[];
  readonly autoRenew: { readonly enabled: boolean; readonly months: number };
  readonly tags: Readonly<Record<string, string>>;
  readonly order: string;
  readonly orderLine: string;
}

export interface InvoiceView {
  readonly code: string;
  readonly status: string;
  readonly total: number;
  readonly paid: number;
  readonly tax: number;
  readonly resource: string;
  readonly order: string;
  readonly payment: string | null;
  readonly coupon: { readonly code: string; readonly amount: number } | null;
  readonly creditedBy: readonly string[];
  readonly supersededBy: string | null;
  readonly issuedAt: string;
  readonly period: { readonly startAt: string; readonly endAt: string };
}

export interface CreditNoteView {
  readonly code: string;
  readonly invoice: string;
  readonly reason: string;
  readonly total: number;
  readonly tax: number;
  readonly resource: string;
}

export interface CreditTransactionView {
  readonly id: string;
  readonly type: string;
  readonly amount: number;
  readonly balance: { readonly available: number; readonly held: number; readonly total: number };
  readonly reference: string;
  readonly at: string;
}

/** A response that has been read. `replayed`: the worker said that it gave this answer before. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly replayed: boolean;
  readonly body: T;
}

export interface CallOptions {
  /** The idempotency key; POSTs send a fresh one when it isn't given, and none when it is null. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

const ORIGIN = "http://edge-billing.test";

const newKey = (): string => crypto.randomUUID();

/** An id nobody else uses: storage is shared by the tests of a file. */
export const freshId = <I extends string>(prefix: string): I =>
  `${prefix}_${crypto.randomUUID().slice(0, 13)}` as I;

/** Talks to the worker with the token of one caller; it is signed anew for every call, as tests move the clock. */
export class Client {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  get = <T>(path: string, options?: CallOptions) => this.#call<T>("GET", path, undefined, options);

  put = <T>(path: string, body: unknown, options?: CallOptions) => this.#call<T>("PUT", path, body, options);

  patch = <T>(path: string, body: unknown, options?: CallOptions) =>
    this.#call<T>("PATCH", path, body, options);

  delete = <T>(path: string, options?: CallOptions) => this.#call<T>("DELETE", path, undefined, options);

  post = <T>(path: string, body?: unknown, options?: CallOptions) =>
    this.#call<T>("POST", path, body, {
      ...options,
      key: options?.key === undefined ? newKey() : options.key,
    });

  /** A text body is sent as it is, so that it can be broken; anything else as JSON. */
  async #call<T>(
    method: string,
    path: string,
    body: unknown,
    { key, headers = {} }: CallOptions = {},
  ): Promise<Answer<T>> {
    const token = await signToken(this.#caller, env.AUTH_SECRET ?? "");
    const response = await exports.default.fetch(`${ORIGIN}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(key ? { "Idempotency-Key": key } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return {
      status: response.status,
      headers: response.headers,
      replayed: response.headers.get("Idempotency-Replayed") === "true",
      body: (await response.json()) as T,
    };
  }
}

export const admin = new Client({ role: "admin" });

export const productConsole = (product: ProductId = VSERVER) => new Client({ role: "product", product });

export const userOf = (account: string, actions: readonly string[] = userActions) =>
  new Client({ role: "user", account, actions });

/** The body of an answer that must have this status; anything else fails the test with what was answered. */
export function bodyOf<T>({ status, body }: Answer<T>, expected: number): T {
  if (status !== expected) throw new Error(`answered ${status}, not ${expected}: ${JSON.stringify(body)}`);
  return body;
}

/** Puts the fixture's products in force. */
export async function putCatalogue(): Promise<void> {
  for (const { id, version: _, ...product } of PRODUCTS) {
    bodyOf(await admin.put(`/v1/catalog/products/${id}`, product), 200);
  }
}

/** Sets the rules of a coupon. */
export async function putCoupon(rules: object, code = freshId<CouponCode>("CPN")): Promise<CouponCode> {
  bodyOf(await admin.put(`/v1/coupons/${code}`, rules), 200);
  return code;
}

export interface ItemRequest {
  readonly resourceType?: string;
  readonly name?: string;
  readonly configuration?: readonly { readonly sku: string; readonly quantity: number }[];
  readonly quantity?: number;
  /** Said to be nothing where what is ordered is paid after its use. */
  readonly period?: { readonly months: number } | { readonly endAt: string } | undefined;
  readonly autoRenew?: { readonly enabled: boolean; readonly months: number };
}

/** An item of an order: unless said otherwise one small server for a month. */
export const itemOf = (more: ItemRequest = {}) => ({
  resourceType: "server",
  name: "web",
  configuration: [{ sku: "small", quantity: 1 }],
  period: { months: 1 },
  ...more,
});

/** One account with the people and programs that act on it. */
export class TestAccount {
  readonly id: AccountId;
  readonly path: string;
  readonly user: Client;
  readonly console = productConsole();

  constructor(id: AccountId) {
    this.id = id;
    this.path = `/v1/accounts/${id}`;
    this.user = userOf(id);
  }

  /** The account's object; a new stub each time, because a stub doesn't survive its object's abort. */
  get object() {
    return env.ACCOUNTS.getByName(this.id);
  }

  async grant(amount: number): Promise<void> {
    bodyOf(await admin.post(`${this.path}/credits`, { amount, reason: "for a test" }), 201);
  }

  async place(...items: readonly ItemRequest[]): Promise<OrderView> {
    const lines = (items.length > 0 ? items : [{}]).map(itemOf);
    const request = { action: "create", lines, returnUrl: "https://console.example/done" };
    return bodyOf(await this.console.post<OrderView>(`${this.path}/orders`, request), 201);
  }

  /** A server in service, bought now; its id. */
  async serve(item: ItemRequest = {}): Promise<string> {
    const order = await this.placeAndPay(item);
    const [line] = (await this.provisionAll(order.id, "succeeded")).lines;
    if (!line?.resourceId) throw new Error("an order without a resource");
    return line.resourceId;
  }

  /** An order about a resource, which is a server unless said otherwise. */
  placeFor = (action: string, resourceId: string, more: ItemRequest = {}) =>
    this.console.post<OrProblem<OrderView>>(`${this.path}/orders`, {
      action,
      lines: [{ resourceType: "server", resourceId, ...more }],
      returnUrl: "https://console.example/done",
    });

  /** Orders and pays it; what paying answered. */
  async act(
    action: string,
    resourceId: string,
    more: ItemRequest = {},
  ): Promise<OrProblem<PaidView> & { order: string }> {
    const order = bodyOf(await this.placeFor(action, resourceId, more), 201);
    return { ...bodyOf(await this.pay(order.id), 200), order: order.id };
  }

  /** The console's answer for the lines of an order about resources there are. */
  async answer(order: string, status: "succeeded" | "failed" = "succeeded"): Promise<void> {
    for (const line of (await this.order(order)).lines) bodyOf(await this.provision(line, status), 200);
  }

  async resource(id: string): Promise<ResourceView> {
    return bodyOf(await this.user.get<ResourceView>(`${this.path}/resources/${id}`), 200);
  }

  remove = (resource: string, options?: CallOptions) =>
    this.user.delete<OrProblem<ResourceView & { refund: number; creditNotes: string[] }>>(
      `${this.path}/resources/${resource}`,
      options,
    );

  autoRenew = (resource: string, enabled = true, months = 1) =>
    this.user.put<OrProblem<ResourceView>>(`${this.path}/resources/${resource}/auto-renew`, {
      enabled,
      months,
    });

  /** An order that has the coupon. */
  async placeWith(coupon: string, ...items: readonly ItemRequest[]): Promise<OrderView> {
    const order = await this.place(...items);
    return bodyOf(await this.user.patch<OrderView>(`${this.path}/orders/${order.id}`, { coupon }), 200);
  }

  change = (order: string, changes: object) =>
    this.user.patch<OrProblem<OrderView>>(`${this.path}/orders/${order}`, changes);

  pay = (order: string, options?: CallOptions & { method?: string }) =>
    this.user.post<OrProblem<PaidView>>(
      `${this.path}/orders/${order}/pay`,
      { method: options?.method ?? "credit" },
      options,
    );

  async placeAndPay(...items: readonly ItemRequest[]): Promise<OrderView> {
    const order = await this.place(...items);
    bodyOf(await this.pay(order.id), 200);
    return this.order(order.id);
  }

  cancel = (order: string, options?: CallOptions) =>
    this.user.post<OrProblem<OrderView>>(`${this.path}/orders/${order}/cancel`, undefined, options);

  /** The console's answer for one line of a paid order. */
  provision = (line: OrderView["lines"][number], status: "succeeded" | "failed", options?: CallOptions) =>
    this.console.post<OrProblem<ResourceView>>(
      `${this.path}/resources/${line.resourceId}/provisioning`,
      { orderLine: line.id, status, ...(status === "failed" ? { reason: "no capacity" } : {}) },
      options,
    );

  /** The console's answer for every line of a paid order. */
  async provisionAll(order: string, status: "succeeded" | "failed"): Promise<OrderView> {
    for (const line of (await this.order(order)).lines) bodyOf(await this.provision(line, status), 200);
    return this.order(order);
  }

  async order(id: string): Promise<OrderView> {
    return bodyOf(await this.user.get<OrderView>(`${this.path}/orders/${id}`), 200);
  }

  async balance(): Promise<BalanceView> {
    return bodyOf(await this.user.get<BalanceView>(`${this.path}/balance`), 200);
  }

  async available(): Promise<number> {
    return (await this.balance()).credit.available;
  }

  resources = (): Promise<readonly ResourceView[]> => this.#list("resources");
  invoices = (): Promise<readonly InvoiceView[]> => this.#list("invoices");
  creditNotes = (): Promise<readonly CreditNoteView[]> => this.#list("credit-notes");
  payments = (): Promise<readonly PaymentView[]> => this.#list("payments");
  creditTransactions = (): Promise<readonly CreditTransactionView[]> => this.#list("credit-transactions");

  /** The first page of a list, which must be all of it. */
  async #list<T>(name: string): Promise<readonly T[]> {
    const { data, nextCursor } = bodyOf(await this.user.get<Page<T>>(`${this.path}/${name}?limit=200`), 200);
    if (nextCursor !== null) throw new Error(`${name} has more than one page`);
    return data;
  }
}

/** A new account with this much credit. */
export async function openAccount(
  credit = 0,
  { settings = {} }: { settings?: object } = {},
): Promise<TestAccount> {
  const account = new TestAccount(freshId<AccountId>("acc"));
  bodyOf(await admin.put(account.path, { email: "an@example.com", name: "An", ...settings }), 200);
  if (credit > 0) await account.grant(credit);
  return account;
}

/** The coupon's own list of its uses. */
export const redemptionsOf = (coupon: CouponCode) => env.COUPONS.getByName(coupon).redemptions();
