import type { GatewayLimits } from "../../domain/gateway.ts";
import { money } from "../../domain/money.ts";
import type {
  CallbackAnswer,
  CallbackVerdict,
  CreateOutcome,
  Gateway,
  GatewayDeps,
  PaymentRequest,
} from "../port.ts";
import { readText } from "../read-text.ts";
import { checkout, created, shownText } from "./checkout.ts";
import { ask, stripeClient } from "./client.ts";
import { readEvent } from "./events.ts";
import { stripeLinking } from "./linking.ts";
import { CHECKOUT_FLOW, FLOW, merchantOf, REFERENCE, session } from "./objects.ts";
import { stripeRecords } from "./records.ts";
import { stripeRefunds } from "./refunds.ts";
import { isSigned } from "./signing.ts";

export interface StripeConfig {
  /** Scheme, host and port. */
  readonly baseUrl: string;
  readonly secretKey: string;
  /** One, or while it is rolled several with commas between them. */
  readonly webhookSecret: string;
}

/**
 * Stripe takes eight digits. Its minimum is 50 US cents or the like in the currency that it pays out: 20,000 dong are
 * more than the minimum of any.
 */
const LIMITS: GatewayLimits = {
  currency: "VND",
  minMinor: money(20_000),
  maxMinor: money(99_999_999),
  maxRefundMinor: money(99_999_999),
};
const MAX_CALLBACK_BYTES = 256 * 1_024;
const LIVE_KEY = /^[a-z]+_live_/;

/** Cards by Stripe: its Checkout for one payment, a customer and a payment method for a card that is kept. */
export function stripe(config: StripeConfig, deps: GatewayDeps): Gateway {
  const client = stripeClient(config.secretKey, config.baseUrl, deps);
  const records = stripeRecords(client, deps);
  const secrets = config.webhookSecret.split(",").map((secret) => secret.trim());

  async function createPayment(request: PaymentRequest): Promise<CreateOutcome> {
    const { reference, amountMinor, currency } = request;
    const name = shownText(request.description);
    const item = { currency: currency.toLowerCase(), unit_amount: amountMinor, product_data: { name } };
    const asked = client.checkout.sessions.create(
      {
        ...checkout(request),
        mode: "payment",
        line_items: [{ quantity: 1, price_data: item }],
        // A payer who is shown another currency would pay another amount.
        adaptive_pricing: { enabled: false },
        payment_intent_data: {
          description: name,
          metadata: { [REFERENCE]: reference, [FLOW]: CHECKOUT_FLOW },
        },
      },
      { idempotencyKey: reference },
    );
    return created(request, await ask(session, asked));
  }

  async function readCallback(request: Request): Promise<CallbackVerdict> {
    const raw = await readText(request, MAX_CALLBACK_BYTES);
    if (raw === null) return { kind: "malformed", detail: "no text, or too long" };
    const signature = request.headers.get("Stripe-Signature") ?? "";
    return (await isSigned(raw, signature, secrets)) ? readEvent(raw) : { kind: "bad_signature" };
  }

  return {
    name: "stripe",
    merchant: merchantOf(LIVE_KEY.test(config.secretKey)),
    limits: LIMITS,
    tellsOfSuccessAlone: false,
    createPayment,
    queryPayment: records.queryPayment,
    ...stripeRefunds(client),
    linking: stripeLinking(client, records),
    readCallback,
    answerCallback: (answer) => new Response(null, { status: STATUS[answer] }),
  };
}

/** Stripe reads the status alone, and sends again whatever wasn't taken. */
const STATUS: Readonly<Record<CallbackAnswer, number>> = {
  taken: 200,
  repeated: 200,
  unmatched: 200,
  mismatched: 200,
  irrelevant: 200,
  bad_signature: 400,
  malformed: 400,
  retry_later: 503,
};
