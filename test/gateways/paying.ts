import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { GatewayName } from "../../src/domain/gateway.ts";
import { attemptOf, gatewayReferenceOf } from "../../src/domain/gateway-reference.ts";
import { MINUTE_MS } from "../../src/domain/local-time.ts";
import { type Money, money } from "../../src/domain/money.ts";
import { gatewaysOf, liveDeps } from "../../src/gateways/installation.ts";
import type { CallbackVerdict, CreateOutcome, Gateway, PaymentRequest } from "../../src/gateways/port.ts";
import worker from "../../src/index.ts";
import { admin, bodyOf } from "../support/api.ts";
import { Peer, type PeerRequest } from "../support/peer/peer.ts";

export const ORIGIN = "http://edge-billing.test";
const LIFE_MS = 15 * MINUTE_MS;

/** The gateway as this installation has it: it talks to its simulator. */
export function gatewayOf(name: GatewayName, installation: Partial<Env> = {}): Gateway {
  const gateway = gatewaysOf({ ...env, ...installation }, liveDeps(env, Date.now)).get(name);
  if (!gateway) throw new Error(`no keys for ${name}`);
  return gateway;
}

export const freshReference = () =>
  gatewayReferenceOf({
    objectId: env.ACCOUNTS.newUniqueId().toString(),
    attempt: attemptOf(crypto.getRandomValues(new Uint8Array(7))),
  });

/** Makes a simulated gateway behave; what isn't named is normal. */
export async function behave(name: GatewayName, switches: object = {}): Promise<void> {
  bodyOf(await admin.put(`/v1/sandbox/gateways/${name}`, switches), 200);
}

export const sendCallbacks = async (name: GatewayName) =>
  bodyOf(
    await admin.post<{ data: { reference: string; answer: string; isDone: boolean }[] }>(
      `/v1/sandbox/gateways/${name}/callbacks`,
    ),
    200,
  ).data;

/** What a simulated gateway calls a payment or a link that was begun there. */
export async function theirNameOf(gateway: GatewayName, reference: string): Promise<string> {
  const isIt = "gateway = ?1 AND (reference = ?2 OR instr(request, ?2) > 0)";
  const found = await env.DB.prepare(
    `SELECT reference FROM sandbox_gateway_payments WHERE ${isIt}
     UNION ALL SELECT reference FROM sandbox_gateway_links WHERE ${isIt}`,
  )
    .bind(gateway, reference)
    .first<{ reference: string }>();
  return found?.reference ?? reference;
}

/** One payment at a gateway, and the webhook that hears of it. */
export class Paying {
  readonly webhook = new Peer();
  readonly gateway: Gateway;
  readonly request: PaymentRequest;
  #address = "";

  constructor(gateway: Gateway, more: Partial<PaymentRequest> = {}) {
    const createdAtMs = Date.now();
    this.gateway = gateway;
    this.request = {
      reference: freshReference(),
      amountMinor: money(100_000),
      currency: "VND",
      createdAtMs,
      expiresAtMs: createdAtMs + LIFE_MS,
      description: 'Đơn hàng (1) & "a=b" của An',
      locale: "vi",
      returnUrl: `${ORIGIN}/checkout/back?order=1`,
      publicUrl: this.webhook.url,
      customerIp: "203.0.113.7",
      ...more,
    };
  }

  async create(): Promise<CreateOutcome> {
    const outcome = await this.gateway.createPayment(this.request);
    if (outcome.kind === "created") this.#address = outcome.redirectUrl;
    return outcome;
  }

  /** Follows the address that the payer is sent to. VNPay knows webhooks of the installation, not of payments. */
  open = (address = this.#address): Promise<Response> =>
    this.visit(new Request(address), { PUBLIC_URL: this.webhook.url });

  async visit(request: Request, installation: Partial<Env> = {}): Promise<Response> {
    const context = createExecutionContext();
    const answer = await worker.fetch(request, { ...env, ...installation } as Env, context);
    await waitOnExecutionContext(context);
    return answer;
  }

  /** Decides on the gateway's page. */
  async decide(decision: string, callback = "normal", from = ORIGIN): Promise<Response> {
    const { origin, pathname } = new URL(this.#address);
    const reference = await this.theirName();
    return this.visit(
      new Request(`${origin}${pathname}`, {
        method: "POST",
        headers: { Origin: from },
        body: new URLSearchParams({ reference, decision, callback }),
      }),
    );
  }

  /** Creates it, opens its page and decides there. */
  async go(decision: "approve" | "refuse", callback?: string): Promise<Response> {
    const outcome = await this.create();
    if (outcome.kind !== "created") throw new Error(`not created: ${JSON.stringify(outcome)}`);
    const page = await this.open();
    if (page.status !== 200) throw new Error(`the page answered ${page.status}`);
    return this.decide(decision, callback);
  }

  /** What the gateway calls it. */
  theirName = () => theirNameOf(this.gateway.name, this.request.reference);

  query = () => this.gateway.queryPayment({ ...this.request, createdAs: null });

  /** What the webhook was sent, as the gateway reads it. */
  async heard(): Promise<CallbackVerdict[]> {
    return Promise.all(
      (await this.webhook.requests()).map((sent) => this.gateway.readCallback(asRequest(sent))),
    );
  }

  claim(amountMinor: number = this.request.amountMinor) {
    return {
      reference: this.request.reference,
      merchant: this.gateway.merchant,
      amountMinor: amountMinor as Money,
      currency: "VND" as const,
    };
  }
}

const asRequest = ({ method, path, headers, body }: PeerRequest): Request =>
  new Request(`https://billing.example${path}`, { method, headers, ...(method === "POST" ? { body } : {}) });
