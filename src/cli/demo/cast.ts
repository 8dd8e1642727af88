import { randomBytes } from "node:crypto";
import { signToken, userActions } from "../tokens.ts";
import {
  type Balance,
  Caller,
  type CreditTransaction,
  type Invoice,
  type Order,
  type OrderLine,
  type Page,
  type Payment,
  type Resource,
} from "./client.ts";
import { PRODUCT, RETURN_URL } from "./expected.ts";
import type { Report } from "./report.ts";

/** Who takes part, and the account that it is all about. */
export interface Cast {
  readonly admin: Caller;
  readonly product: Caller;
  readonly customer: Caller;
  /** `/v1/accounts/{account}` */
  readonly account: string;
  readonly report: Report;
}

export async function assemble(baseUrl: string, authSecret: string, report: Report): Promise<Cast> {
  const account = `acc_demo_${randomBytes(4).toString("hex")}`;
  const roles = {
    admin: { role: "admin" },
    product: { role: "product", product: PRODUCT },
    customer: { role: "user", account, actions: userActions },
  } as const;
  const caller = async (who: keyof typeof roles) =>
    new Caller(who, baseUrl, await signToken(roles[who], authSecret), report);
  return {
    admin: await caller("admin"),
    product: await caller("product"),
    customer: await caller("customer"),
    account: `/v1/accounts/${account}`,
    report,
  };
}

export async function order({ product, account }: Cast, key: string, lines: object[]): Promise<Order> {
  const { body } = await product.call<Order>({
    method: "POST",
    path: `${account}/orders`,
    body: { action: "create", lines, returnUrl: RETURN_URL },
    idempotencyKey: key,
    status: 201,
  });
  return body;
}

export async function pay({ customer, account }: Cast, orderId: string, key: string) {
  return customer.call<Payment>({
    method: "POST",
    path: `${account}/orders/${orderId}/pay`,
    body: { method: "credit" },
    idempotencyKey: key,
    status: 200,
  });
}

export async function answerProvisioning({ product, account }: Cast, resource: string, answer: object) {
  const { body } = await product.call<Resource>({
    method: "POST",
    path: `${account}/resources/${resource}/provisioning`,
    body: answer,
    status: 200,
  });
  return body;
}

type Parts = Pick<OrderLine, "gross" | "discount" | "net" | "tax">;

export function checkLine({ report }: Cast, line: OrderLine | undefined, expected: Parts): void {
  report.amount(`${line?.name}: gross`, line?.gross, expected.gross);
  report.amount(`${line?.name}: its share of the coupon`, line?.discount, expected.discount);
  report.amount(`${line?.name}: to pay`, line?.net, expected.net);
  report.amount(`${line?.name}: tax within the gross`, line?.tax, expected.tax);
}

export async function checkBalance(
  { customer, account, report }: Cast,
  available: number,
  held = 0,
): Promise<void> {
  const { credit } = await customer.get<Balance>(`${account}/balance`);
  report.amount("available", credit.available, available);
  report.amount("held", credit.held, held);
}

interface ExpectedCredit {
  readonly type: string;
  readonly amount: number;
  readonly after: number;
}

export async function checkCreditHistory(
  { customer, account, report }: Cast,
  expected: readonly ExpectedCredit[],
): Promise<void> {
  const { data } = await customer.get<Page<CreditTransaction>>(`${account}/credit-transactions`);
  report.same("rows", data.length, expected.length);
  for (const [index, { type, amount, after }] of expected.entries()) {
    const row = data[index]?.type === type ? data[index] : undefined;
    report.amount(`${type}: ${row?.description}`, row?.amount, amount);
    report.amount("  available after it", row?.balance.available, after);
  }
}

interface Bill extends Invoice {
  lines: { gross: number }[];
}

/** Newest first. */
export const bills = async ({ customer, account }: Cast): Promise<Bill[]> =>
  (await customer.get<Page<Bill>>(`${account}/invoices?limit=200`)).data;

export const sum = (rows: readonly { readonly amount: number }[]): number =>
  rows.reduce((total, { amount }) => total + amount, 0);
