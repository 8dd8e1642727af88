import type { Failure } from "../../domain/gateway.ts";
import { readAmount } from "../amounts.ts";
import { unknown } from "../exchange.ts";
import type { GatewayDeps, KnownPayment, PaymentRequest, QueryOutcome, Unknown } from "../port.ts";
import type { RawFields } from "../raw-json.ts";
import { isNotFound, type Reply, requestFailure, standingFailure } from "./codes.ts";
import { appUserOf, embedData, transIdOf } from "./names.ts";
import type { ZalopayFields, ZalopayMethod } from "./signing.ts";

/** ZaloPay keeps an order open for five minutes at least. */
const MIN_LIFE_S = 300;
const MAX_DESCRIPTION_LENGTH = 256;

export type Call = (method: ZalopayMethod, fields: ZalopayFields) => Promise<Reply>;

export type Ordered =
  | { readonly kind: "ordered"; readonly fields: RawFields; readonly expiresAtMs: number }
  | Failure
  | Unknown;

/** What payers approve and linked accounts are charged for: ZaloPay calls both an order. */
export function zalopayOrders(appId: string, call: Call, deps: GatewayDeps) {
  return {
    async create(request: PaymentRequest, more: ZalopayFields = {}): Promise<Ordered> {
      const { reference, createdAtMs, publicUrl } = request;
      const askedAtMs = deps.nowMs();
      const lifeS = Math.max(MIN_LIFE_S, Math.ceil((request.expiresAtMs - askedAtMs) / 1_000));
      const reply = await call("create", {
        app_trans_id: transIdOf(reference, createdAtMs),
        app_user: appUserOf(reference),
        app_time: askedAtMs,
        expire_duration_seconds: lifeS,
        amount: request.amountMinor,
        description: [...request.description].slice(0, MAX_DESCRIPTION_LENGTH).join(""),
        item: "[]",
        embed_data: embedData(reference, request.returnUrl),
        callback_url: callbackUrl(publicUrl),
        ...more,
      });
      switch (reply.kind) {
        case "done":
          return { kind: "ordered", fields: reply.fields, expiresAtMs: askedAtMs + lifeS * 1_000 };
        case "refused":
          return requestFailure(reply);
        case "processing":
          return unknown("it is being created");
        case "unknown":
          return reply;
      }
    },

    async query({
      reference,
      createdAtMs,
    }: Pick<KnownPayment, "reference" | "createdAtMs">): Promise<QueryOutcome> {
      const reply = await call("query", { app_trans_id: transIdOf(reference, createdAtMs) });
      if (reply.kind === "unknown") return reply;
      if (reply.kind === "processing") return { kind: "pending" };
      if (reply.kind === "refused") return isNotFound(reply) ? { kind: "not_found" } : standingFailure(reply);
      const amountMinor = readAmount(reply.fields.get("amount"));
      const theirId = readTheirId(reply.fields);
      if (amountMinor === null || theirId === null) return unknown("paid, but not what and how much");
      // ZaloPay takes dong alone, and names in its answer neither the merchant nor what was asked about.
      return {
        kind: "succeeded",
        claim: { reference, merchant: appId, amountMinor, currency: "VND", theirId },
      };
    },
  };
}

export type ZalopayOrders = ReturnType<typeof zalopayOrders>;

export const callbackUrl = (publicUrl: string): string => `${publicUrl}/v1/webhooks/zalopay`;

/** ZaloPay's number of a transaction; null where there is none yet. */
export function readTheirId(fields: RawFields): string | null {
  const theirs = fields.get("zp_trans_id");
  return theirs === undefined || theirs === "" || theirs === "0" ? null : theirs;
}
