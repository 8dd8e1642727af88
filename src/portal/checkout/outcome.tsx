import { sum } from "../../domain/money.ts";
import { type OrderLine, type OrderStatus, toPayFor } from "../../domain/order.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { Badge, Money, type Reader, type Tone } from "../ui/parts.tsx";
import type { Checkout } from "./session.tsx";

/** While something is under way, the page looks again this often. */
const REFRESH_SECONDS = 2;
/** When all is done, its reader is taken back after this long. */
const RETURN_SECONDS = 8;

type Words = (typeof checkoutTexts)["en"];

interface Told {
  readonly title: string;
  readonly hint: string;
}

/** What became of an order, in words. */
export function outcomeOf(status: OrderStatus, lines: readonly OrderLine[], words: Words): Told {
  switch (status) {
    case "completed": {
      const isWhole = lines.every((line) => line.status === "active");
      return { title: words.completedTitle, hint: isWhole ? words.completedHint : words.partlyHint };
    }
    case "failed":
      return { title: words.failedTitle, hint: words.failedHint };
    case "cancelled":
      return { title: words.cancelledTitle, hint: words.cancelledHint };
    case "expired":
      return { title: words.expiredTitle, hint: words.expiredHint };
    default:
      return { title: words.paidTitle, hint: words.paidHint };
  }
}

const LINE_TONES: Record<OrderLine["status"], Tone> = {
  pending: "neutral",
  provisioning: "accent",
  active: "good",
  refunded: "warn",
};

/** An order that can't be paid any more: what was paid, how far its lines are, and the way back to the console. */
export const Outcome = ({ checkout, reader }: { readonly checkout: Checkout; readonly reader: Reader }) => {
  const { order, productName } = checkout;
  const texts = checkoutTexts[reader.locale];
  const { hint } = outcomeOf(order.status, order.quote.lines, texts);
  const isUnderWay = order.status === "paid" || order.status === "provisioning";
  const isPaid = order.payment !== null;
  const refunded = sum(order.quote.lines.filter(({ status }) => status === "refunded").map(toPayFor));
  return (
    <section class="card" data-refresh={isUnderWay ? REFRESH_SECONDS : undefined}>
      <p>{hint}</p>
      {isPaid ? (
        <>
          <ul class="list">
            {order.quote.lines.map((line) => (
              <li>
                <div>
                  {line.name}
                  {line.failure === null ? null : (
                    <p class="quiet small">
                      {texts.reason}: {line.failure}
                    </p>
                  )}
                </div>
                <Badge tone={LINE_TONES[line.status]}>{texts.lineStatus[line.status]}</Badge>
              </li>
            ))}
          </ul>
          <dl class="facts">
            <dt class="total">{texts.paidAmount}</dt>
            <dd class="total">
              <Money minor={order.quote.total} reader={reader} />
            </dd>
            {refunded === 0 ? null : (
              <>
                <dt>{texts.refundedAmount}</dt>
                <dd>
                  <Money minor={refunded} reader={reader} />
                </dd>
              </>
            )}
          </dl>
        </>
      ) : null}
      <p class="row">
        <a
          id="back"
          class="button primary"
          href={wayBack(checkout)}
          data-return={order.status === "completed" ? RETURN_SECONDS : undefined}
        >
          {texts.goBack.replace("{product}", productName)}
        </a>
        {order.status === "completed" ? (
          <span class="quiet small scripted-only">{texts.returning}</span>
        ) : null}
        {isUnderWay ? (
          <a class="button unscripted" href="?">
            {texts.lookAgain}
          </a>
        ) : null}
      </p>
    </section>
  );
};

/** Where the console wants its customer back, told which order it is about. */
function wayBack({ order }: Checkout): string {
  const isWithdrawn = order.status === "cancelled" || order.status === "expired";
  const url = new URL((isWithdrawn ? order.cancelUrl : null) ?? order.returnUrl);
  url.searchParams.set("order", order.id);
  return url.href;
}
