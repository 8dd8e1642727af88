import type { NoticeOf } from "../../domain/notice.ts";
import { formatMoney, formatShortDate } from "../../texts/locale.ts";
import type { Reader } from "../render.ts";

type BillList = Pick<NoticeOf<"bills_issued">, "bills" | "moreBills" | "open">;

const WORDS = {
  en: {
    due: (amount: string, day: string) => `${amount}, due on ${day}`,
    more: "And others",
    open: "To pay",
  },
  vi: {
    due: (amount: string, day: string) => `${amount}, hạn ${day}`,
    more: "Và các hóa đơn khác",
    open: "Cần thanh toán",
  },
} as const;

/** Bills with what is open of each and by when it is due, and their sum. */
export function listed({ bills, moreBills, open }: BillList, reader: Reader): (readonly [string, string])[] {
  const { locale, timeZone, currency } = reader;
  const words = WORDS[locale];
  return [
    ...bills.map((bill): readonly [string, string] => [
      `${bill.code} ${bill.name}`,
      words.due(formatMoney(bill.open, currency, locale), formatShortDate(bill.dueAtMs, timeZone, locale)),
    ]),
    ...(moreBills > 0 ? [[words.more, String(moreBills)] as const] : []),
    [words.open, formatMoney(open, currency, locale)],
  ];
}
