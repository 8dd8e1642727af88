import type { CreditEntry } from "../../domain/ledger.ts";
import { exportTexts } from "../../texts/exports.ts";
import { historyTexts } from "../../texts/histories.ts";
import { statuses } from "../../texts/statuses.ts";
import { WIDTH } from "../page.ts";
import { type Asked, factsOf } from "./asked.ts";
import type { ListFile, ListReader } from "./list-file.ts";

/** A change of the credit wallet in minor units, and what was in it afterwards. */
export interface CreditRow {
  readonly type: CreditEntry["type"];
  readonly amount: number;
  readonly available: number;
  readonly held: number;
  readonly atMs: number;
  readonly reference: string;
  readonly description: string;
}

/** People gave the reason of what they did by hand; everything else is named by what it was done for. */
export const isReasonGiven = ({ type }: Pick<CreditRow, "type">): boolean =>
  type === "adjustment" || type === "deposit";

/** The credit history as a file. */
export function creditHistoryFile(asked: Asked, reader: ListReader): ListFile<CreditRow> {
  const { locale } = reader;
  const words = exportTexts[locale];
  const [time, kind, amount] = [76, 56, 64];
  return {
    title: historyTexts[locale].credits,
    name: "credit-history",
    facts: factsOf(asked, reader),
    columns: [
      { title: words.date, width: 17, points: time, kind: "instant", of: ({ atMs }) => atMs },
      {
        ...{ title: words.kind, width: 14, points: kind, kind: "text" },
        of: ({ type }) => statuses[locale].credit[type],
      },
      {
        ...{ title: words.paidFor, width: 40, kind: "text" },
        points: WIDTH - time - kind - 4 * amount,
        of: (row) => (isReasonGiven(row) ? row.description : row.reference),
      },
      { title: words.reference, width: 30, kind: "text", of: ({ reference }) => reference },
      { title: words.amount, width: 14, points: amount, kind: "amount", of: (row) => row.amount },
      { title: words.available, width: 14, points: amount, kind: "amount", of: ({ available }) => available },
      { title: words.held, width: 14, points: amount, kind: "amount", of: ({ held }) => held },
      {
        ...{ title: words.balance, width: 14, points: amount, kind: "amount" },
        of: ({ available, held }) => available + held,
      },
    ],
  };
}
