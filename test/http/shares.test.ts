import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { signPass } from "../../src/http/links.ts";
import { type Begun, Customer } from "../gateways/customer.ts";
import { behave, ORIGIN } from "../gateways/paying.ts";
import {
  type Answer,
  bodyOf,
  type OrderView,
  openAccount,
  type Problem,
  putCatalogue,
} from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf } from "../support/tables.ts";
import { expectProblem } from "./expect-problem.ts";

interface Link {
  readonly url: string;
  readonly expiresAt: string;
}

type Shown = Readonly<Record<string, unknown>> &
  Problem & { readonly lines: object[]; readonly total: number };

beforeAll(putCatalogue);
beforeEach(() => {
  recordLogs();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const name of ["momo", "vnpay"] as const) await behave(name);
});

/** Somebody without an account, who has a link. */
async function visit<T = Shown>(url: string, body?: object, key?: string): Promise<Answer<T>> {
  const response = await exports.default.fetch(url, {
    method: body ? "POST" : "GET",
    headers: {
      ...(body ? { "Content-Type": "application/json" } : {}),
      ...(key ? { "Idempotency-Key": key } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const { status, headers } = response;
  return {
    ...{ status, headers, replayed: headers.get("Idempotency-Replayed") === "true" },
    body: (await response.json()) as T,
  };
}

const payBy = (url: string, gateway = "momo", key?: string) => visit<Begun>(`${url}/pay`, { gateway }, key);

/** A customer with an order that was shared. */
async function sharing(credit = 0): Promise<{ customer: Customer; order: OrderView; link: Link }> {
  const customer = new Customer(await openAccount(credit));
  const order = await customer.account.place();
  const link = bodyOf(await share(customer, order.id), 201);
  return { customer, order, link };
}

const share = ({ account }: Customer, order: string, email = "binh@example.com") =>
  account.user.post<Link>(`${account.path}/orders/${order}/share`, { email });

const unshare = ({ account }: Customer, order: string) =>
  account.user.delete<OrderView>(`${account.path}/orders/${order}/share`);

describe("a link to pay on somebody's behalf", () => {
  it("is good for three days, and shows the order and nothing else of the account", async () => {
    const { customer, order, link } = await sharing(70_000);
    expect(Date.parse(link.expiresAt) - Date.now()).toBeGreaterThan(71 * 3_600_000);
    expect((await customer.account.order(order.id)).expiresAt).toBe(link.expiresAt);
    const shown = bodyOf(await visit(link.url), 200);
    expect(shown).toMatchObject({
      ...{ order: order.id, status: "awaiting_payment", total: SMALL_MONTH, currency: "VND" },
      ...{ expiresAt: link.expiresAt, isBeingPaid: false },
      lines: [{ name: "web", net: SMALL_MONTH, items: [{ quantity: 1 }] }],
    });
    const text = JSON.stringify(shown);
    for (const secret of [customer.account.id, "An", "an@example.com", "70000", "credit", "linked"])
      expect(text).not.toContain(`"${secret}"`);
  });

  it("pays the order at a gateway without signing in; both are told, and the invoice is the customer's", async () => {
    const { customer, order, link } = await sharing(70_000);
    const begun = bodyOf(await payBy(link.url), 200);
    expect(Object.keys(begun).sort()).toEqual([
      ...["amount", "currency", "gateway", "id", "method", "order", "redirectUrl", "status"],
    ]);
    expect(begun).toMatchObject({ status: "pending", amount: SMALL_MONTH, order: order.id });
    expect(bodyOf(await visit(link.url), 200)).toMatchObject({ isBeingPaid: true });
    await customer.open(begun);
    await customer.decide(begun, "approve");
    await customer.account.provisionAll(order.id, "succeeded");
    expect(await customer.payment(begun.id)).toMatchObject({
      ...{ status: "succeeded", paidBy: "binh@example.com" },
    });
    expect(await customer.wallet()).toEqual({ available: 70_000, held: 0 });
    expect((await customer.account.invoices())[0]).toMatchObject({ payment: begun.id, status: "paid" });
    expectProblem(await visit(link.url), { status: 409, code: "order_already_paid" });
    expectProblem(await payBy(link.url), { status: 409, code: "order_already_paid" });
    await customer.expectSound();
  });

  it("leads the payer back to itself", async () => {
    const { customer, link } = await sharing();
    const begun = bodyOf(await payBy(link.url), 200);
    const { attempts } = await contentsOf(customer.account.object);
    expect(attempts.find(({ id }) => id === begun.id)?.returnUrl).toBe(link.url);
  });

  it("under a key begins one payment", async () => {
    const { customer, link } = await sharing();
    const first = bodyOf(await payBy(link.url, "momo", "key-1"), 200);
    const again = await payBy(link.url, "momo", "key-1");
    expect([again.replayed, bodyOf(again, 200).id]).toEqual([true, first.id]);
    expect(await customer.account.payments()).toHaveLength(1);
  });

  it("may be opened and tried several times, and pays once", async () => {
    const { customer, order, link } = await sharing();
    const [first, second] = [bodyOf(await payBy(link.url), 200), bodyOf(await payBy(link.url, "vnpay"), 200)];
    for (const begun of [first, second]) {
      await customer.open(begun);
      await customer.decide(begun, "approve");
    }
    expect((await customer.account.order(order.id)).payment).toBe(first.id);
    expect(await customer.payment(second.id)).toMatchObject({ kind: "deposit", paidBy: "binh@example.com" });
    expect(await customer.wallet()).toEqual({ available: SMALL_MONTH, held: 0 });
    await customer.expectSound();
  });

  it("whose order the customer pays by credit meanwhile makes its money the customer's", async () => {
    const { customer, order, link } = await sharing(SMALL_MONTH);
    const begun = bodyOf(await payBy(link.url), 200);
    await customer.open(begun);
    bodyOf(await customer.account.pay(order.id), 200);
    await customer.decide(begun, "approve");
    expect(await customer.payment(begun.id)).toMatchObject({ kind: "deposit", status: "succeeded" });
    expect(await customer.wallet()).toEqual({ available: SMALL_MONTH, held: 0 });
    await customer.expectSound();
  });

  it("is quoted anew when it is opened", async () => {
    const { customer, order, link } = await sharing();
    const { account } = customer;
    const before = (await account.order(order.id)).createdAt;
    const changed = { lines: [{ quantity: 2 }] };
    bodyOf(await account.user.patch(`${account.path}/orders/${order.id}`, changed), 200);
    expect(bodyOf(await visit(link.url), 200).total).toBe(2 * SMALL_MONTH);
    const { orders } = await contentsOf(account.object);
    expect(orders[0]?.quote.quotedAtMs).toBeGreaterThan(Date.parse(before));
  });

  it("ends when it is taken back, and when another is sent", async () => {
    const { customer, order, link } = await sharing();
    const second = bodyOf(await share(customer, order.id, "chi@example.com"), 201);
    expect(second.url).not.toBe(link.url);
    expectProblem(await visit(link.url), { status: 409, code: "share_ended" });
    bodyOf(await visit(second.url), 200);
    bodyOf(await unshare(customer, order.id), 200);
    for (const url of [link.url, second.url]) {
      expectProblem(await visit(url), { status: 409, code: "share_ended" });
      expectProblem(await payBy(url), { status: 409, code: "share_ended" });
    }
    expect(await customer.account.payments()).toEqual([]);
  });

  it("says when its order was cancelled", async () => {
    const { customer, order, link } = await sharing();
    bodyOf(await customer.account.cancel(order.id), 200);
    expectProblem(await visit(link.url), { status: 409, code: "order_cancelled" });
    expectProblem(await payBy(link.url), { status: 409, code: "order_cancelled" });
  });

  it("that is forged, of another kind, or of another's order leads nowhere", async () => {
    const [mine, theirs] = [await sharing(), await sharing()];
    const soon = Math.floor(Date.now() / 1_000) + 60;
    const { orders } = await contentsOf(mine.customer.account.object);
    const id = orders[0]?.share?.id ?? "";
    const of = (account: string, order: string, share = id) =>
      signPass(env, "share_link", { account, order, share }, soon);
    const [account, order] = [mine.customer.account.id, mine.order.id];
    const foreign = { ...env, LINK_SECRET: "x".repeat(40) } as Env;
    for (const code of [
      "nonsense",
      await signPass(foreign, "share_link", { account, order, share: id }, soon),
      await signPass(env, "checkout_link", { account, order, opening: 0 }, soon),
      await signPass(env, "share_link", { account, order, share: id }, soon - 120),
    ])
      expectProblem(await visit(`${ORIGIN}/share/${code}`), { status: 404, code: "not_found" });
    for (const code of [await of(account, theirs.order.id), await of(theirs.customer.account.id, order)])
      expectProblem(await visit(`${ORIGIN}/share/${code}`), { status: 409, code: "share_ended" });
    expectProblem(await visit(`${ORIGIN}/share/${await of(account, order, "shr_other")}`), {
      ...{ status: 409, code: "share_ended" },
    });
    bodyOf(await visit(`${ORIGIN}/share/${await of(account, order)}`), 200);
  });

  it("can't pay by anything but a gateway that is there", async () => {
    const { link } = await sharing(SMALL_MONTH);
    for (const body of [{ gateway: "momo", method: "credit" }, {}, { gateway: 1 }])
      expectProblem(await visit(`${link.url}/pay`, body), { status: 400, code: "invalid_request" });
    expectProblem(await payBy(link.url, "credit"), {
      ...{ status: 422, code: "method_not_available", path: "gateway" },
    });
  });

  it("isn't written into logs", async () => {
    const { link } = await sharing();
    const logs = vi.spyOn(console, "log");
    await visit(link.url);
    const code = link.url.slice(link.url.lastIndexOf("/") + 1);
    expect(logs.mock.calls.flat().join("\n")).not.toContain(code);
  });
});

describe("sharing", () => {
  it("is the owner's alone, by mail to an address, and only so often", async () => {
    const { customer, order } = await sharing();
    const { account } = customer;
    const path = `${account.path}/orders/${order.id}/share`;
    expectProblem(await account.user.post(path, { email: "nobody" }), {
      status: 400,
      code: "invalid_request",
    });
    expectProblem(await account.user.post(`${account.path}/orders/ord_none/share`, { email: "a@b.vn" }), {
      ...{ status: 404, code: "order_not_found" },
    });
    vi.spyOn(env.SHARE_MAILS, "limit").mockResolvedValue({ success: false });
    expectProblem(await share(customer, order.id), { status: 429, code: "too_many_requests" });
  });

  it("slows down strangers", async () => {
    const { link } = await sharing();
    vi.spyOn(env.STRANGERS, "limit").mockResolvedValue({ success: false });
    expectProblem(await visit(link.url), { status: 429, code: "too_many_requests" });
    expectProblem(await payBy(link.url), { status: 429, code: "too_many_requests" });
  });
});
