import type { Context } from "hono";
import type { Holds } from "../../account/answers.ts";
import { letsGoAtMs } from "../../domain/attempts/attempt.ts";
import { SHORT_RUNS_TO_SUSPEND } from "../../domain/hold/run.ts";
import { ESTIMATED_DAYS } from "../../domain/metering/estimate.ts";
import { type Money as Amount, CURRENCIES, type Currency, sum } from "../../domain/money.ts";
import type { Resource } from "../../domain/resource.ts";
import type { App } from "../../http/context.ts";
import { fill } from "../../texts/fill.ts";
import { formatMoney, formatShortInstant } from "../../texts/locale.ts";
import { useTexts } from "../../texts/use.ts";
import { ROOMS, resourcePath } from "../rooms.ts";
import { mayEnter, readerOf } from "../visitor.ts";
import { Money, Notice, Rows } from "./parts.tsx";

interface HoldsProps {
  readonly c: Context<App>;
  readonly holds: Holds;
}

/** Resources that credit is missing for, with a way to buy it. */
export function Shortages({ c, holds }: HoldsProps) {
  const reader = readerOf(c);
  const texts = useTexts[reader.locale];
  const short = holds.resources.filter(({ hold }) => hold.missing > 0);
  if (short.length === 0) return null;
  const wordsOf = ({ name, hold }: (typeof short)[number]) => {
    const missing = formatMoney(hold.missing, reader.currency, reader.locale);
    const runs = { runs: String(SHORT_RUNS_TO_SUSPEND), run: String(hold.shortRuns) };
    return fill(hold.resumesAs ? texts.suspended : texts.short, { name, missing, ...runs });
  };
  return (
    <Notice tone="warn">
      <div class="stack tight">
        {short.map((resource) => (
          <p>{wordsOf(resource)}</p>
        ))}
        {mayEnter(c, "buyCredit") ? (
          <p class="row">
            <a class="button" href={buyPath(sum(short.map(({ hold }) => hold.missing)), reader.currency)}>
              {texts.buy}
            </a>
          </p>
        ) : null}
      </div>
    </Notice>
  );
}

/** Where so much credit is bought, as its form takes amounts. */
function buyPath(amount: Amount, currency: Currency): string {
  const { minorDigits } = CURRENCIES[currency];
  const text = (amount / 10 ** minorDigits).toFixed(minorDigits);
  return `${ROOMS.buyCredit.path}?${new URLSearchParams({ amount: text })}`;
}

/** What credit is held for: resources by their use, and payments that are under way. */
export function HoldList({ c, holds }: HoldsProps) {
  const reader = readerOf(c);
  const texts = useTexts[reader.locale];
  const inDays = (text: string) => fill(text, { days: String(ESTIMATED_DAYS) });
  const rows = [...holds.resources.map(ofResource), ...holds.payments.map(ofPayment)];
  const amount = (minor: Amount | null) => (minor === null ? "–" : <Money minor={minor} reader={reader} />);
  return (
    <section class="stack" id="held">
      <div>
        <h2>{texts.heldTitle}</h2>
        <p class="quiet">{inDays(texts.heldHint)}</p>
      </div>
      {rows.length === 0 ? (
        <p class="card quiet">{texts.nothingHeld}</p>
      ) : (
        <>
          <Rows<Row>
            caption={texts.heldTitle}
            rows={rows}
            columns={[
              {
                title: texts.resource,
                cell: ({ resource, untilMs }) =>
                  resource ? (
                    <a href={resourcePath(resource.id)}>{resource.name}</a>
                  ) : (
                    <>
                      {texts.payment}{" "}
                      <span class="quiet small">
                        {fill(texts.until, {
                          until: formatShortInstant(untilMs, reader.timeZone, reader.locale),
                        })}
                      </span>
                    </>
                  ),
                isLead: true,
              },
              { title: texts.unbilled, cell: ({ use }) => amount(use), align: "end" },
              { title: inDays(texts.next), cell: ({ estimate }) => amount(estimate), align: "end" },
              { title: texts.missing, cell: ({ missing }) => amount(missing), align: "end" },
              { title: texts.heldOfIt, cell: ({ held }) => amount(held), align: "end" },
            ]}
          />
          <dl class="facts totals">
            <dt class="total">{texts.held}</dt>
            <dd class="total">
              <Money minor={holds.total} reader={reader} />
            </dd>
          </dl>
        </>
      )}
    </section>
  );
}

interface Row {
  readonly resource: Resource | null;
  readonly untilMs: number;
  readonly held: Amount;
  readonly use: Amount | null;
  readonly estimate: Amount | null;
  readonly missing: Amount | null;
}

const ofResource = (resource: Holds["resources"][number]): Row => {
  const { held, use, estimate, missing } = resource.hold;
  return { resource, untilMs: 0, held, use, estimate, missing: missing > 0 ? missing : null };
};

const ofPayment = (attempt: Holds["payments"][number]): Row => ({
  ...{ resource: null, untilMs: letsGoAtMs(attempt), held: attempt.held },
  ...{ use: null, estimate: null, missing: null },
});
