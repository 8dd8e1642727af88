import type { CreditNote } from "../../domain/credit-note.ts";
import { negate } from "../../domain/money.ts";
import { invoiceTexts } from "../../texts/invoice.ts";
import { formatDate, formatShortInstant } from "../../texts/locale.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { Money, type Reader, Rows } from "./parts.tsx";

/** What takes back parts of an invoice. */
export function CreditNotes({
  notes,
  reader,
}: {
  readonly notes: readonly CreditNote[];
  readonly reader: Reader;
}) {
  const { locale, timeZone } = reader;
  const texts = resourceTexts[locale];
  const words = invoiceTexts[locale];
  return (
    <section class="stack">
      <h2>{texts.creditNotes}</h2>
      <Rows
        caption={texts.creditNotes}
        rows={notes}
        columns={[
          {
            title: texts.creditNote,
            cell: ({ code }) => <span class="code whole">{code}</span>,
            isLead: true,
          },
          { title: words.issued, cell: ({ issuedAtMs }) => formatDate(issuedAtMs, timeZone, locale) },
          { title: texts.reason, cell: ({ reason }) => texts.reasons[reason] },
          {
            title: words.period,
            cell: ({ period: { startMs, endMs } }) =>
              `${formatShortInstant(startMs, timeZone, locale)} – ${formatShortInstant(endMs, timeZone, locale)}`,
          },
          {
            title: texts.amount,
            cell: ({ total }) => <Money minor={negate(total)} reader={reader} />,
            align: "end",
          },
        ]}
      />
    </section>
  );
}
