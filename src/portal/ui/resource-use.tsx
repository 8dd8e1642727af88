import type { Context } from "hono";
import type { ResourceUse } from "../../account/answers.ts";
import { ESTIMATED_DAYS } from "../../domain/metering/estimate.ts";
import type { Measured, MeasuredDay, MeasuredKey } from "../../domain/metering/measured.ts";
import { decimalOf } from "../../domain/metering/usage-event.ts";
import { ZERO } from "../../domain/money.ts";
import type { Ratio } from "../../domain/ratio.ts";
import type { App } from "../../http/context.ts";
import { fill } from "../../texts/fill.ts";
import { formatDate, formatShortDate } from "../../texts/locale.ts";
import { formatDecimal, formatUnit, unitMeasured } from "../../texts/units.ts";
import { useTexts } from "../../texts/use.ts";
import { ROOMS } from "../rooms.ts";
import { may, mayEnter, readerOf } from "../visitor.ts";
import { Card, Fact, Money, type Reader, Rows } from "./parts.tsx";

/** What a resource used this month, what the month will come to, what is held for it, and what its meters say. */
export function UseOfResource({ c, use }: { readonly c: Context<App>; readonly use: ResourceUse }) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = useTexts[locale];
  const { month, used, foreseen, meters, resource } = use;
  const { hold } = resource;
  const until = formatDate(month.endMs - 1, timeZone, locale);
  const amount = (minor: number) => <Money minor={minor} reader={reader} />;
  return (
    <section class="stack">
      <div class="heading">
        <h2>{texts.title}</h2>
        {mayEnter(c, "use") ? <a href={ROOMS.use.path}>{texts.all}</a> : null}
      </div>
      <section class="card">
        <dl class="details">
          <Fact label={texts.soFar} main={amount(used?.total ?? ZERO)} />
          <Fact
            label={fill(texts.foreseen, { until })}
            main={amount(foreseen?.total ?? ZERO)}
            more={texts.foreseenHint}
          />
          {hold && may(c, "GetUserBalance") ? (
            <Fact
              label={texts.held}
              main={amount(hold.held)}
              more={
                <>
                  {texts.unbilled}: {amount(hold.use)}
                  <br />
                  {fill(texts.next, { days: String(ESTIMATED_DAYS) })}: {amount(hold.estimate)}
                </>
              }
            />
          ) : null}
        </dl>
      </section>
      {may(c, "GetTrafficUsages") && meters.length > 0 ? (
        <div class="pair">
          {meters.map((measured) => (
            <Meter measured={measured} reader={reader} />
          ))}
        </div>
      ) : null}
    </section>
  );
}

/** What one meter says: the whole, by key, by day. */
const Meter = ({ measured, reader }: { readonly measured: Measured; readonly reader: Reader }) => {
  const texts = useTexts[reader.locale];
  const { sku, quantity, days, keys, keysInAll } = measured;
  const price = `${formatDecimal(sku.unitPrice, reader.locale)} ${reader.currency}`;
  const said = (of: Ratio) =>
    `${formatDecimal(decimalOf(of), reader.locale)} ${unitMeasured(sku, reader.locale)}`;
  const counted = days.filter((day) => day.quantity.num > 0n).reverse();
  return (
    <Card title={sku.name}>
      <dl class="details">
        <Fact
          label={texts.meterings[sku.metering]}
          main={<span class="figure-small">{said(quantity)}</span>}
          more={fill(texts.perUnit, { price, unit: formatUnit(sku.unit, reader.locale) })}
        />
      </dl>
      {counted.length === 0 && sku.metering !== "gauge_hours" ? (
        <p class="quiet">{texts.nothingCounted}</p>
      ) : null}
      {keys.some(({ key }) => key !== null) ? (
        <>
          <Keys keys={keys} {...{ said, reader }} />
          {keysInAll > keys.length ? (
            <p class="hint">{fill(texts.moreKeys, { count: String(keysInAll) })}</p>
          ) : null}
        </>
      ) : null}
      {counted.length === 0 ? null : (
        <details id={`days-${sku.id}`}>
          <summary id={`days-${sku.id}-summary`}>{texts.byDay}</summary>
          <Rows<MeasuredDay>
            caption={`${sku.name}: ${texts.byDay}`}
            rows={counted}
            columns={[
              {
                title: texts.day,
                cell: ({ startMs }) => formatShortDate(startMs, reader.timeZone, reader.locale),
                isLead: true,
              },
              { title: texts.amount, cell: (day) => said(day.quantity), align: "end" },
            ]}
          />
        </details>
      )}
    </Card>
  );
};

interface KeysProps {
  readonly keys: readonly MeasuredKey[];
  readonly said: (quantity: Ratio) => string;
  readonly reader: Reader;
}

/** A counter by what tells its parts apart, such as addresses. */
const Keys = ({ keys, said, reader }: KeysProps) => {
  const texts = useTexts[reader.locale];
  const lastOf = ({ days }: MeasuredKey) => days.findLast(({ quantity }) => quantity.num > 0n);
  return (
    <Rows<MeasuredKey>
      caption={texts.byKey}
      rows={keys}
      columns={[
        {
          title: texts.key,
          cell: ({ key }) =>
            key === null ? <span class="quiet">{texts.noKey}</span> : <span class="code">{key}</span>,
          isLead: true,
        },
        {
          title: texts.lastUsed,
          cell: (one) => {
            const last = lastOf(one);
            return last ? (
              <>
                {formatShortDate(last.startMs, reader.timeZone, reader.locale)}{" "}
                <span class="quiet small whole">{said(last.quantity)}</span>
              </>
            ) : (
              "–"
            );
          },
        },
        { title: texts.thisMonth, cell: ({ quantity }) => said(quantity), align: "end" },
      ]}
    />
  );
};
