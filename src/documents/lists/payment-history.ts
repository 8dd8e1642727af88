import { negate } from "../../domain/money.ts";
import type { Payment } from "../../domain/payment.ts";
import { exportTexts } from "../../texts/exports.ts";
import { GATEWAY_TITLES } from "../../texts/gateways.ts";
import { historyTexts } from "../../texts/histories.ts";
import { formatReason } from "../../texts/reasons.ts";
import { statuses } from "../../texts/statuses.ts";
import { WIDTH } from "../page.ts";
import { type Asked, factsOf } from "./asked.ts";
import type { ListFile, ListReader } from "./list-file.ts";

/** A payment with what it was for: names of resources, or of what else there is to name, and its invoices. */
export interface PaymentRow {
  readonly payment: Payment;
  readonly resources: readonly string[];
  readonly invoices: readonly string[];
}

/** The payment history as a file. */
export function paymentHistoryFile(asked: Asked, reader: ListReader): ListFile<PaymentRow> {
  const { locale } = reader;
  const words = exportTexts[locale];
  const [time, kind, method, status, invoices, amount] = [78, 54, 74, 54, 112, 56];
  return {
    title: historyTexts[locale].payments,
    name: "payment-history",
    facts: factsOf(asked, reader),
    columns: [
      {
        ...{ title: words.date, width: 17, points: time, kind: "instant" },
        of: ({ payment }) => payment.createdAtMs,
      },
      { title: words.payment, width: 30, kind: "text", of: ({ payment }) => payment.id },
      {
        ...{ title: words.kind, width: 12, points: kind, kind: "text" },
        of: ({ payment }) => statuses[locale].paymentKind[payment.kind],
      },
      {
        ...{ title: words.paidFor, width: 30, kind: "text" },
        points: WIDTH - time - kind - method - status - invoices - amount,
        of: ({ payment, resources }) => paidFor(payment, resources, words.credits),
      },
      {
        ...{ title: words.invoices, width: 24, points: invoices, kind: "text" },
        of: (row) => row.invoices.join(", "),
      },
      {
        ...{ title: words.method, width: 24, points: method, kind: "text" },
        of: ({ payment }) => statuses[locale].method[payment.method],
      },
      {
        ...{ title: words.gateway, width: 12, kind: "text" },
        of: ({ payment }) => payment.gateway && GATEWAY_TITLES[payment.gateway],
      },
      {
        ...{ title: words.status, width: 12, points: status, kind: "text" },
        of: ({ payment }) => statuses[locale].payment[payment.status],
      },
      {
        ...{ title: words.amount, width: 14, points: amount, kind: "amount" },
        of: ({ payment }) => (payment.kind === "refund" ? negate(payment.amount) : payment.amount),
      },
      { title: words.order, width: 30, kind: "text", of: ({ payment }) => payment.order },
      {
        ...{ title: words.reason, width: 40, kind: "text" },
        of: ({ payment }) => payment.reason && formatReason(payment.reason, locale),
      },
      { title: words.reference, width: 20, kind: "text", of: ({ payment }) => payment.reference ?? null },
    ],
  };
}

const paidFor = ({ order, kind }: Payment, resources: readonly string[], credits: string): string =>
  resources.length > 0 ? resources.join(", ") : (order ?? (kind === "deposit" ? credits : ""));
