import type { Failure } from "../../domain/gateway.ts";
import type { GatewayReference } from "../../domain/gateway-reference.ts";
import { unknown } from "../exchange.ts";
import type {
  ChargeOutcome,
  ChargeRequest,
  CreateOutcome,
  GatewayDeps,
  KnownLink,
  LinkedToken,
  Linking,
  LinkOutcome,
  LinkRequest,
  UnlinkOutcome,
} from "../port.ts";
import type { RawFields } from "../raw-json.ts";
import { isNotFound, requestFailure, standingFailure } from "./codes.ts";
import { transIdOf } from "./names.ts";
import { type Call, callbackUrl, type ZalopayOrders } from "./orders.ts";

const CONFIRMED = "1";
const ENDED = ["3", "4"];

/** Agreements, by which merchants charge a wallet. The customer agrees to one at ZaloPay. */
export function zalopayLinking(call: Call, orders: ZalopayOrders, deps: GatewayDeps): Linking {
  async function link(request: LinkRequest): Promise<CreateOutcome> {
    const { reference, createdAtMs, expiresAtMs, returnUrl } = request;
    const reply = await call("agreement/bind", {
      app_trans_id: transIdOf(reference, createdAtMs),
      req_date: deps.nowMs(),
      identifier: reference,
      binding_type: "WALLET",
      binding_data: "{}",
      // No other bound than the wallet's own.
      max_amount: 0,
      redirect_url: returnUrl,
      redirect_deep_link: "",
      callback_url: callbackUrl(request.publicUrl),
    });
    if (reply.kind === "unknown") return reply;
    if (reply.kind === "refused") return requestFailure(reply);
    // Its documents and its systems disagree on the name.
    const { fields } = reply;
    const redirectUrl =
      fields.get("binding_url") ?? fields.get("binding_qr_link") ?? fields.get("short_link") ?? "";
    if (reply.kind === "processing" || !/^https?:/.test(redirectUrl)) return unknown("bound, but not where");
    return { kind: "created", redirectUrl, createdAs: null, expiresAtMs };
  }

  const readLink = ({ reference, createdAtMs }: KnownLink): Promise<LinkOutcome> =>
    agreement(transIdOf(reference, createdAtMs), reference);

  async function agreement(transId: string, link: GatewayReference): Promise<LinkOutcome> {
    const reply = await call("agreement/query", { app_trans_id: transId, req_date: deps.nowMs() });
    if (reply.kind === "unknown") return reply;
    if (reply.kind === "processing") return { kind: "pending" };
    if (reply.kind === "refused") return isNotFound(reply) ? { kind: "not_found" } : standingFailure(reply);
    return agreed(reply.fields, transId, link);
  }

  /** The order comes first: under the same reference it is refused, so nothing is charged a second time. */
  async function charge({ from, ...request }: ChargeRequest): Promise<ChargeOutcome> {
    const names = readToken(from.token);
    if (!names) return unknown("the token isn't ours");
    const ordered = await orders.create(request, { app_user: from.link, product_code: "AGREEMENT" });
    if (ordered.kind !== "ordered") return ordered;
    const token = ordered.fields.get("zp_trans_token");
    if (!token) return unknown("created, but not as what");
    const reply = await call("agreement/pay", {
      identifier: from.link,
      zp_trans_token: token,
      pay_token: names.payToken,
      req_date: deps.nowMs(),
    });
    if (reply.kind === "unknown") return reply;
    if (reply.kind === "refused") return whyNot(requestFailure(reply), names.transId, from.link);
    // How much was taken is said to who asks.
    const paid = reply.kind === "done" ? await orders.query(request) : null;
    return paid?.kind === "succeeded" ? paid : { kind: "pending", createdAs: null };
  }

  /** ZaloPay doesn't list what it refuses a charge with: whether the agreement still stands is asked. */
  async function whyNot(
    failure: ReturnType<typeof requestFailure>,
    transId: string,
    link: GatewayReference,
  ): Promise<ChargeOutcome> {
    if (failure.kind === "unknown" || failure.reason !== "declined") return failure;
    const standing = await agreement(transId, link);
    const isGone =
      standing.kind === "not_found" || (standing.kind === "failed" && standing.reason === "link_gone");
    return isGone ? { ...failure, reason: "link_gone" } : failure;
  }

  async function unlink({ link, token }: LinkedToken): Promise<UnlinkOutcome> {
    const names = readToken(token);
    if (!names) return unknown("the token isn't ours");
    const fields = { identifier: link, binding_id: names.bindingId, req_date: deps.nowMs() };
    const reply = await call("agreement/unbind", fields);
    if (reply.kind === "unknown") return reply;
    if (reply.kind === "processing") return unknown("unbound, perhaps");
    if (reply.kind === "done" || isNotFound(reply)) return { kind: "unlinked" };
    return requestFailure(reply);
  }

  return { link, readLink, charge, unlink };
}

function agreed(fields: RawFields, transId: string, link: GatewayReference): LinkOutcome {
  const of = (name: string): string => fields.get(`data.${name}`) ?? "";
  if (of("app_trans_id") !== transId || of("merchant_user_id") !== link)
    return unknown("answered about something else");
  const status = of("status");
  if (ENDED.includes(status)) return gone(status);
  const [bindingId, payToken] = [of("binding_id"), of("pay_token")];
  if (status !== CONFIRMED || bindingId === "" || payToken === "")
    return unknown(`agreed, with status ${status}`);
  const label = of("masked_user_phone").replace(/^\*+/, "•••• ");
  return {
    kind: "linked",
    token: tokenOf({ transId, bindingId, payToken }),
    label: label === "" ? null : label,
  };
}

const gone = (theirCode: string): Failure => ({ kind: "failed", reason: "link_gone", theirCode });

/** What it takes to charge an agreement, to ask for it and to end it. */
interface Names {
  readonly transId: string;
  readonly bindingId: string;
  readonly payToken: string;
}

const tokenOf = ({ transId, bindingId, payToken }: Names): string =>
  JSON.stringify([transId, bindingId, payToken]);

function readToken(token: string): Names | null {
  try {
    const [transId, bindingId, payToken] = JSON.parse(token) as string[];
    return transId && bindingId && payToken ? { transId, bindingId, payToken } : null;
  } catch {
    return null;
  }
}
