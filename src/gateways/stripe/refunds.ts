import type Stripe from "stripe";
import { unknown } from "../exchange.ts";
import type { NotFound, RefundOutcome, RefundRequest } from "../port.ts";
import { ask, findIn, type Said } from "./client.ts";
import { isMissing, refundFailure, refundRefusal } from "./codes.ts";
import { REFERENCE, type Refund, referenceOf, refund as refundObject } from "./objects.ts";
import { uncertain } from "./records.ts";

/** Stripe keeps reasons as metadata, and those hold so much. */
const MAX_METADATA_LENGTH = 500;

/** Money given back. Stripe may take its time over it, and may fail after it has agreed. */
export function stripeRefunds({ refunds }: Stripe) {
  /** Stripe forgets an idempotency key after a while, so what was refunded under this reference is looked for first. */
  async function refund(request: RefundRequest): Promise<RefundOutcome> {
    const known = await queryRefund(request, null);
    if (known.kind !== "not_found") return known;
    const { payment, refundReference, amountMinor } = request;
    const answer = await ask(
      refundObject,
      refunds.create(
        {
          payment_intent: payment.theirId,
          amount: amountMinor,
          metadata: {
            [REFERENCE]: refundReference,
            reason: request.reason.slice(0, MAX_METADATA_LENGTH),
            requested_by: request.requestedBy.slice(0, MAX_METADATA_LENGTH),
          },
        },
        { idempotencyKey: refundReference },
      ),
    );
    if (answer.kind === "refused") return refundRefusal(answer.error);
    return answer.kind === "said" ? about(request, answer.said) : answer;
  }

  async function queryRefund(
    request: RefundRequest,
    theirRefundId: string | null,
  ): Promise<RefundOutcome | NotFound> {
    const answer: Said<Refund | null> =
      theirRefundId === null
        ? await findIn(
            refundObject,
            (page) => refunds.list({ ...page, payment_intent: request.payment.theirId }),
            (listed) => referenceOf(listed) === request.refundReference,
          )
        : await ask(refundObject, refunds.retrieve(theirRefundId));
    // Of a payment that Stripe doesn't know it knows no refunds.
    if (answer.kind === "refused" && theirRefundId === null && isMissing(answer.error))
      return { kind: "not_found" };
    if (answer.kind !== "said") return uncertain(answer);
    return answer.said === null ? { kind: "not_found" } : about(request, answer.said);
  }

  return { refund, queryRefund };
}

function about({ refundReference }: RefundRequest, said: Refund): RefundOutcome {
  if (referenceOf(said) !== refundReference) return unknown("answered about something else");
  const { id: theirId, status, failure_reason } = said;
  switch (status) {
    case "succeeded":
      return { kind: "refunded", theirId };
    case "pending":
    case "requires_action":
      return { kind: "pending", theirId };
    case "failed":
    case "canceled":
      return refundFailure(failure_reason ?? status);
    default:
      return unknown(`refund ${status}`);
  }
}
