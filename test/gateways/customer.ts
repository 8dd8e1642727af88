import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect, vi } from "vitest";
import type { Parcel } from "../../src/account/jobs.ts";
import type { AttemptId } from "../../src/domain/attempts/attempt.ts";
import type { GatewayName } from "../../src/domain/gateway.ts";
import worker from "../../src/index.ts";
import {
  admin,
  bodyOf,
  type CallOptions,
  type OrProblem,
  type Page,
  type PaymentView,
  type TestAccount,
} from "../support/api.ts";
import { ORIGIN, theirNameOf } from "./paying.ts";

export type Begun = PaymentView & { readonly redirectUrl?: string };

const PATHS: Readonly<Record<GatewayName, string>> = {
  momo: "/v2/gateway/pay",
  zalopay: "/openinapp",
  vnpay: "/paymentv2/vpcpay.html",
  stripe: "/c/pay",
};

/** A customer of ours at payment gateways. */
export class Customer {
  readonly account: TestAccount;

  constructor(account: TestAccount) {
    this.account = account;
  }

  payAt = (order: string, method: string, gateway: string, options?: CallOptions) =>
    this.account.user.post<OrProblem<Begun>>(
      `${this.account.path}/orders/${order}/pay`,
      { method, gateway },
      options,
    );

  topUp = (amount: number, gateway = "momo", options?: CallOptions) =>
    this.account.user.post<OrProblem<Begun>>(
      `${this.account.path}/top-ups`,
      { amount, gateway, returnUrl: "https://console.example/credit" },
      options,
    );

  /** Operations send money of a payment back. */
  refund = (payment: string, amount: number, options?: CallOptions) =>
    admin.post<OrProblem<PaymentView>>(
      `${this.account.path}/payments/${payment}/refunds`,
      { amount, reason: "Hoàn tiền theo yêu cầu" },
      options,
    );

  /** Buys credit, all the way. */
  async buy(amount: number, gateway: GatewayName = "momo"): Promise<Begun> {
    const begun = bodyOf(await this.topUp(amount, gateway), 201) as unknown as Begun;
    await this.open(begun);
    await this.decide(begun, "approve");
    expect(await this.payment(begun.id)).toMatchObject({ status: "succeeded" });
    return begun;
  }

  /** Begins to pay an order, and follows the address; answers the payment. */
  async begin(order: string, method = "gateway", gateway: GatewayName = "momo"): Promise<Begun> {
    const begun = bodyOf(await this.payAt(order, method, gateway), 200) as unknown as Begun;
    expect(begun.status).toBe("pending");
    await this.open(begun);
    return begun;
  }

  async open({ redirectUrl }: Begun): Promise<void> {
    const page = await exports.default.fetch(redirectUrl ?? "");
    if (page.status !== 200) throw new Error(`the gateway's page answered ${page.status}`);
  }

  /** Decides on the gateway's page. */
  async decide(
    { id, gateway }: Pick<Begun, "id" | "gateway">,
    decision: "approve" | "refuse",
    callback = "normal",
  ): Promise<void> {
    const name = gateway as GatewayName;
    const reference = await theirNameOf(name, id);
    const answer = await exports.default.fetch(`${ORIGIN}${PATHS[name]}`, {
      method: "POST",
      headers: { Origin: ORIGIN },
      body: new URLSearchParams({ reference, decision, callback }),
      redirect: "manual",
    });
    if (answer.status !== 303) throw new Error(`the gateway's page answered ${answer.status}`);
  }

  payment = async (id: string): Promise<PaymentView> => {
    const found = (await this.account.payments()).find((payment) => payment.id === id);
    if (!found) throw new Error(`there is no payment ${id}`);
    return found;
  };

  /** What the account's wallet holds. */
  async wallet(): Promise<{ available: number; held: number }> {
    const { available, held } = (await this.account.balance()).credit;
    return { available, held };
  }

  /** Has time come for what is due, and the queue deliver what that asks for. */
  async wait(untilMs: number): Promise<void> {
    await this.account.object.runDue(untilMs, true);
    await vi.waitFor(async () => expect((await this.account.object.traffic()).isQuiet).toBe(true), {
      timeout: 8_000,
    });
  }

  /** The queue's job for an attempt, once more. */
  async query(id: string): Promise<void> {
    const body = { type: "query_attempt", account: this.account.id, attempt: id as AttemptId } as const;
    const message = { id: "1", timestamp: new Date(), attempts: 1, body };
    const batch = createMessageBatch<Parcel>("edge-billing-jobs", [message]);
    await worker.queue(batch, env);
    expect((await getQueueResult(batch, createExecutionContext())).retryMessages).toEqual([]);
  }

  /** Everything adds up, and the read side says the same; gateways included. */
  async expectSound(): Promise<void> {
    const body = bodyOf(
      await admin.post<{ findings: unknown[] }>("/v1/admin/verify", { account: this.account.id }),
      200,
    );
    expect(body.findings).toEqual([]);
  }
}

export interface CallbackView {
  readonly id: string;
  readonly account: string | null;
  readonly status: string;
  readonly amount: number;
  readonly reference: string;
}

export const callbacks = async (status = "waiting"): Promise<readonly CallbackView[]> =>
  bodyOf(await admin.get<Page<CallbackView>>(`/v1/admin/callbacks?status=${status}&limit=200`), 200).data;
