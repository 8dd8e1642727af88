import { sum, ZERO } from "../../domain/money.ts";
import { type Action, type Order, type OrderLine, toPayFor, toPayForOrder } from "../../domain/order.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { holdingTexts } from "../../texts/holding.ts";
import { formatInstant } from "../../texts/locale.ts";
import { trialTexts } from "../../texts/trials.ts";
import { Badge, Money, type Reader, type Tone } from "../ui/parts.tsx";
import { MadeOutTo } from "./invoice-address.tsx";
import { Notes, notesOf } from "./notes.tsx";
import type { Checkout } from "./session.tsx";

/** While something is under way, the page looks again this often. */
const REFRESH_SECONDS = 2;
/** When all is done, its reader is taken back after this long. */
const RETURN_SECONDS = 8;

interface Told {
  readonly title: string;
  readonly hint: string | null;
}

/** Actions that are told alike. */
const TOLD_AS = {
  create: "create",
  convert_poc: "convert",
  renew: "renew",
  match_end_time: "renew",
  resize: "resize",
  recover: "recover",
} as const satisfies Record<Action, keyof (typeof checkoutTexts)["en"]["outcomes"]>;

/** What became of an order, in words. Where money came all the same, or may, nobody is told that none did. */
export function outcomeOf({ order, attempts }: Checkout, { locale }: Reader): Told {
  const words = checkoutTexts[locale];
  const { status, action, billing, quote } = order;
  const { lines } = quote;
  const paid = words.outcomes[TOLD_AS[action]];
  const outcome =
    billing === "hold"
      ? holdingTexts[locale].outcomes[action === "resize" ? "resize" : "create"]
      : billing === "poc"
        ? { ...paid, ...trialTexts[locale].outcome }
        : paid;
  const isCharged = attempts.some(({ attempt }) => attempt.status !== "failed");
  switch (status) {
    case "completed": {
      const isWhole = lines.every((line) => line.status === "active");
      return { title: outcome.completedTitle, hint: isWhole ? outcome.completedHint : outcome.partlyHint };
    }
    case "failed":
      return { title: outcome.failedTitle, hint: outcome.failedHint };
    case "cancelled":
      return { title: words.cancelledTitle, hint: isCharged ? null : words.nothingCharged };
    case "expired":
      return {
        title: words.expiredTitle,
        hint: isCharged ? words.orderAgain : `${words.nothingCharged} ${words.orderAgain}`,
      };
    default:
      return { title: outcome.paidTitle, hint: outcome.paidHint };
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
  const { order, product } = checkout;
  const texts = checkoutTexts[reader.locale];
  const { hint } = outcomeOf(checkout, reader);
  const isPaid = order.payment !== null;
  const isHeld = order.billing === "hold";
  return (
    <section class="card" data-refresh={isUnderWay(order) ? REFRESH_SECONDS : undefined}>
      {hint === null ? null : <p>{hint}</p>}
      <Notes notes={notesOf(checkout, reader)} />
      {isPaid ? (
        <>
          <ul class="list">
            {order.quote.lines.map((line) => (
              <li class="split">
                <div>
                  {line.name}
                  {(isMoreTime(order) || order.billing === "poc") && line.endAtMs !== null ? (
                    <span class="quiet small">
                      {" "}
                      · {isMoreTime(order) ? texts.endThen : texts.until}:{" "}
                      {formatInstant(line.endAtMs, reader.timeZone, reader.locale)}
                    </span>
                  ) : null}
                  {line.failure === null ? null : (
                    <p class="quiet small">
                      {texts.reason}: {line.failure}
                    </p>
                  )}
                </div>
                <Badge tone={LINE_TONES[line.status]}>
                  {isHeld && line.status === "refunded"
                    ? holdingTexts[reader.locale].notDone
                    : texts.lineStatus[line.status]}
                </Badge>
              </li>
            ))}
          </ul>
          {isHeld ? <Held order={order} reader={reader} /> : <Amounts order={order} reader={reader} />}
          {order.billing === "poc" ? null : (
            <div>
              <h2 class="small quiet">{texts.madeOutTo}</h2>
              <MadeOutTo checkout={checkout} locale={reader.locale} />
            </div>
          )}
        </>
      ) : null}
      <p class="row">
        <a
          id="back"
          class="button primary"
          href={wayBack(checkout)}
          data-return={order.status === "completed" ? RETURN_SECONDS : undefined}
        >
          {isFromPortal(checkout)
            ? texts.goBackHere
            : texts.goBack.replace("{product}", product?.name ?? order.product)}
        </a>
        {order.status === "completed" ? (
          <span class="quiet small scripted-only">{texts.returning}</span>
        ) : null}
      </p>
    </section>
  );
};

export const isUnderWay = ({ status }: Order): boolean => status === "paid" || status === "provisioning";

const isMoreTime = ({ action }: Order): boolean => action === "renew" || action === "match_end_time";

/** What was held for what is new: it is what was quoted. */
const Held = ({ order, reader }: { readonly order: Order; readonly reader: Reader }) => {
  const stand = order.quote.lines.filter(({ status }) => status !== "refunded");
  if (order.action === "resize" || stand.length === 0) return null;
  return (
    <dl class="facts">
      <dt class="total">{holdingTexts[reader.locale].toHold}</dt>
      <dd class="total">
        <Money minor={sum(stand.map(({ hold = ZERO }) => hold))} reader={reader} />
      </dd>
    </dl>
  );
};

/** What was paid, and what came back of it by lines that are done. */
const Amounts = ({ order, reader }: { readonly order: Order; readonly reader: Reader }) => {
  const texts = checkoutTexts[reader.locale];
  const isTrial = order.billing === "poc";
  const paid = toPayForOrder(order);
  const done = order.quote.lines.filter(({ status }) => status === "active");
  const back = sum(done.map(({ refund }) => refund));
  const refunded = sum(order.quote.lines.filter(({ status }) => status === "refunded").map(toPayFor));
  return (
    <dl class="facts">
      {paid === 0 && back > 0 ? null : (
        <>
          <dt class="total">{texts.paidAmount}</dt>
          <dd class="total">
            <Money minor={paid} reader={reader} />
          </dd>
        </>
      )}
      {back === 0 ? null : (
        <>
          <dt class="total">{isTrial ? trialTexts[reader.locale].inTrialCredit : texts.backAmount}</dt>
          <dd class="total">
            <Money minor={back} reader={reader} />
          </dd>
        </>
      )}
      {refunded === 0 ? null : (
        <>
          <dt>{isTrial ? trialTexts[reader.locale].inTrialCredit : texts.refundedAmount}</dt>
          <dd>
            <Money minor={refunded} reader={reader} />
          </dd>
        </>
      )}
    </dl>
  );
};

/** Orders that were begun in the portal lead back to its pages. */
const isFromPortal = ({ order: { returnUrl }, portalUrl }: Checkout): boolean =>
  `${returnUrl}/`.startsWith(`${portalUrl}/`);

/** Where the console wants its customer back, told which order it is about. */
function wayBack({ order }: Checkout): string {
  const isWithdrawn = order.status === "cancelled" || order.status === "expired";
  const url = new URL((isWithdrawn ? order.cancelUrl : null) ?? order.returnUrl);
  url.searchParams.set("order", order.id);
  return url.href;
}
