import type { RecordedAttempt } from "../../account/answers.ts";
import type { Order } from "../../domain/order.ts";
import { fill } from "../../texts/fill.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { formatMoney } from "../../texts/locale.ts";
import { payingTexts } from "../../texts/paying.ts";
import { formatReason } from "../../texts/reasons.ts";
import { Notice, type Reader, type Tone } from "../ui/parts.tsx";
import type { Checkout } from "./session.tsx";

interface Note {
  readonly tone: Tone;
  readonly text: string;
}

/** What an order's payer must know of its attempts at gateways: what failed just now, what may still come, what became of the money. */
export const notesOf = ({ order, attempts }: Checkout, reader: Reader): readonly Note[] =>
  attempts.flatMap((recorded, index) => noteOf(recorded, { order, isNewest: index === 0, reader }) ?? []);

export const Notes = ({ notes }: { readonly notes: readonly Note[] }) => (
  <>
    {notes.map(({ tone, text }) => (
      <Notice tone={tone}>{text}</Notice>
    ))}
  </>
);

interface About {
  readonly order: Order;
  readonly isNewest: boolean;
  readonly reader: Reader;
}

function noteOf({ attempt, payment }: RecordedAttempt, { order, isNewest, reader }: About): Note | null {
  const texts = payingTexts[reader.locale];
  const isUnpaid = order.status === "awaiting_payment";
  const words = {
    gateway: GATEWAY_TITLES[attempt.gateway],
    amount: formatMoney(payment.amount, reader.currency, reader.locale),
  };
  switch (attempt.status) {
    case "open":
      return { tone: "accent", text: fill(isUnpaid ? texts.undecided : texts.undecidedClosed, words) };
    case "failed": {
      if (!isNewest || !isUnpaid) return null;
      const reason = formatReason(payment.reason ?? "", reader.locale);
      return { tone: "warn", text: `${fill(texts.refused, words)} ${reason} ${texts.tryAgain}` };
    }
    case "succeeded":
      if (payment.kind === "deposit") return { tone: "accent", text: fill(texts.becameCredit, words) };
      return (attempt.endedAtMs ?? 0) > attempt.expiresAtMs
        ? { tone: "good", text: fill(texts.paidLate, words) }
        : null;
  }
}
