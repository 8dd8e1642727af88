import { money } from "../../domain/money.ts";
import { type Answer, unknown } from "../exchange.ts";
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
import { creationFailure, isPending, NOT_FOUND, PAID, paymentFailure, unlinkFailure } from "./codes.ts";
import { created, orderExpiry, plainText, readClaim } from "./messages.ts";
import type { momoSigning } from "./signing.ts";
import { asText, fromText, labelOf, readToken, sentToken } from "./tokens.ts";

export interface MomoLinkingParts {
  readonly partnerCode: string;
  readonly secretKey: string;
  readonly publicKey?: string | undefined;
  readonly signing: ReturnType<typeof momoSigning>;
  /** Asks MoMo about one of our orders. */
  call(path: string, orderId: string, body: object): Promise<Answer>;
}

/** MoMo's wallets, linked and charged without their owners. A link is one customer to MoMo, called by its reference. */
export function momoLinking(parts: MomoLinkingParts, deps: GatewayDeps): Linking {
  const { partnerCode, secretKey, publicKey, signing, call } = parts;

  async function link(request: LinkRequest): Promise<CreateOutcome> {
    const { reference } = request;
    const order = {
      partnerCode,
      requestId: reference,
      // Nothing is paid by linking.
      amount: 0,
      orderId: reference,
      orderInfo: plainText(request.description),
      partnerClientId: reference,
      redirectUrl: request.returnUrl,
      ipnUrl: `${request.publicUrl}/v1/webhooks/momo`,
      requestType: "linkWallet",
      extraData: "",
    };
    const { orderExpireTime, expiresAtMs } = orderExpiry(request, deps.nowMs());
    const body = { ...(await signing.signed("link", order)), lang: request.locale, orderExpireTime };
    const answer = await call("/v2/gateway/api/create", reference, body);
    if (answer.kind === "unknown") return answer;
    return created(answer.fields, { reference, amountMinor: money(0) }, expiresAtMs);
  }

  async function readLink({ reference }: KnownLink, grant: string | null): Promise<LinkOutcome> {
    const order = { partnerCode, requestId: deps.randomId(), orderId: reference };
    if (grant === null) return standing(await ask("/v2/gateway/api/query", "query", order));
    const request = { ...order, callbackToken: grant, partnerClientId: reference };
    const answer = await ask("/v2/gateway/api/tokenization/bind", "bind", request);
    if (answer.kind === "unknown") return answer;
    const code = answer.fields.get("resultCode") ?? "";
    if (code !== PAID) return paymentFailure(code) ?? unknown(`resultCode ${code}`);
    const token = await readToken(answer.fields.get("aesToken") ?? "", secretKey);
    return token
      ? { kind: "linked", token: asText(token), label: labelOf(token) }
      : unknown("bound, but its token can't be read");
  }

  /** Without what the callback hands over, even what is agreed to is waited for. */
  function standing(answer: Answer): LinkOutcome {
    if (answer.kind === "unknown") return answer;
    const code = answer.fields.get("resultCode") ?? "";
    if (code === NOT_FOUND) return { kind: "not_found" };
    if (code === PAID || isPending(code)) return { kind: "pending" };
    return paymentFailure(code) ?? unknown(`resultCode ${code}`);
  }

  async function charge({ from, ...request }: ChargeRequest): Promise<ChargeOutcome> {
    const { reference } = request;
    const order = {
      partnerCode,
      // MoMo does one request id once.
      requestId: reference,
      amount: request.amountMinor,
      orderId: reference,
      orderInfo: plainText(request.description),
      partnerClientId: from.link,
      token: sentToken(fromText(from.token), publicKey),
      redirectUrl: request.returnUrl,
      ipnUrl: `${request.publicUrl}/v1/webhooks/momo`,
      extraData: "",
    };
    const body = { ...(await signing.signed("charge", order)), autoCapture: true, lang: request.locale };
    const answer = await call("/v2/gateway/api/tokenization/pay", reference, body);
    if (answer.kind === "unknown") return answer;
    const code = answer.fields.get("resultCode") ?? "";
    if (isPending(code)) return { kind: "pending", createdAs: null };
    if (code !== PAID) return creationFailure(code) ?? unknown(`resultCode ${code}`);
    const claim = readClaim(answer.fields);
    return claim?.theirId ? { kind: "succeeded", claim } : unknown("paid, but not what and how much");
  }

  async function unlink({ link: reference, token }: LinkedToken): Promise<UnlinkOutcome> {
    const order = {
      ...{ partnerCode, requestId: deps.randomId(), orderId: reference, partnerClientId: reference },
      token: sentToken(fromText(token), publicKey),
    };
    const answer = await ask("/v2/gateway/api/tokenization/delete", "unlink", order);
    if (answer.kind === "unknown") return answer;
    const code = answer.fields.get("resultCode") ?? "";
    if (code === PAID) return { kind: "unlinked" };
    return unlinkFailure(code) ?? unknown(`resultCode ${code}`);
  }

  async function ask(
    path: string,
    message: "query" | "bind" | "unlink",
    order: { readonly orderId: string } & Readonly<Record<string, string>>,
  ): Promise<Answer> {
    return call(path, order.orderId, { ...(await signing.signed(message, order)), lang: "en" });
  }

  return { link, readLink, charge, unlink };
}
