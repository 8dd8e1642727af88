import type { Context } from "hono";
import type { Usage } from "../../account/answers.ts";
import { accountObject } from "../../account/client.ts";
import { type Money as Amount, add, sum, ZERO } from "../../domain/money.ts";
import { monthOf } from "../../domain/month.ts";
import type { Resource } from "../../domain/resource.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { exportTexts } from "../../texts/exports.ts";
import { fill } from "../../texts/fill.ts";
import { formatDate } from "../../texts/locale.ts";
import { useTexts } from "../../texts/use.ts";
import { ROOMS, resourcePath } from "../rooms.ts";
import { HoldList, Shortages } from "../ui/holds.tsx";
import { Card, Money, type Reader, Rows } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { UsedRows } from "../ui/used-so-far.tsx";
import { may, mayEnter, readerOf } from "../visitor.ts";

/** What is billed by its use: what the month came to so far, what it will, and what credit is held for it. */
export async function use(c: Context<App>) {
  const reader = readerOf(c);
  const { locale, timeZone } = reader;
  const texts = useTexts[locale];
  const nowMs = now(c);
  const object = accountObject(c.env, c.var.account.id);
  const [usage, holds] = await Promise.all([
    object.usage(nowMs),
    may(c, "GetUserBalance") ? object.holds() : null,
  ]);
  const month = monthOf(nowMs, timeZone);
  const rows = usage ? rowsOf(usage, month.startMs) : [];
  const earlier = usage?.used.filter(({ used }) => used.month.startMs !== month.startMs) ?? [];
  const foreseen = sum(rows.map((row) => row.foreseen));
  const isEmpty = rows.length === 0 && earlier.length === 0 && (holds?.resources.length ?? 0) === 0;
  const content = (
    <>
      <div>
        <div class="heading">
          <h1>{texts.title}</h1>
          <a href={ROOMS.usageReport.path}>{exportTexts[locale].usageReport}</a>
        </div>
        <p class="quiet">{fill(texts.hint, { from: formatDate(month.startMs, timeZone, locale) })}</p>
      </div>
      {holds ? <Shortages c={c} holds={holds} /> : null}
      {isEmpty ? (
        <section class="card empty">
          <h2>{texts.empty}</h2>
          <p>{texts.emptyHint}</p>
        </section>
      ) : (
        <>
          <div class="grid">
            <Card title={texts.soFar}>
              <p class="figure">
                <Money minor={sum(rows.map(({ soFar }) => soFar))} reader={reader} />
              </p>
            </Card>
            <Card title={fill(texts.foreseen, { until: formatDate(month.endMs - 1, timeZone, locale) })}>
              <p class="figure">
                <Money minor={foreseen} reader={reader} />
              </p>
              <p class="quiet small">{texts.foreseenHint}</p>
            </Card>
            {holds ? (
              <Card title={texts.held}>
                <p class="figure">
                  <Money minor={holds.total} reader={reader} />
                </p>
                {mayEnter(c, "credits") ? <a href={ROOMS.credits.path}>{texts.toCredits}</a> : null}
              </Card>
            ) : null}
          </div>
          <section class="stack">
            <h2>{texts.byResource}</h2>
            <Rows<Row>
              caption={texts.byResource}
              rows={rows}
              columns={[
                {
                  title: texts.resource,
                  cell: ({ resource: { id, name, product } }) => (
                    <>
                      <a href={resourcePath(id)}>{name}</a> <span class="quiet small">{product}</span>
                    </>
                  ),
                  isLead: true,
                },
                { title: texts.bySku, cell: ({ skus }) => <BySku skus={skus} reader={reader} /> },
                {
                  title: texts.soFar,
                  cell: ({ soFar }) => <Money minor={soFar} reader={reader} />,
                  align: "end",
                },
                {
                  title: texts.foreseenShort,
                  cell: (row) => <Money minor={row.foreseen} reader={reader} />,
                  align: "end",
                },
              ]}
            />
          </section>
          {earlier.length === 0 ? null : (
            <section class="stack">
              <h2>{texts.earlier}</h2>
              <UsedRows c={c} caption={texts.earlier} used={earlier} />
            </section>
          )}
        </>
      )}
      {holds ? <HoldList c={c} holds={holds} /> : null}
    </>
  );
  return portalPage(c, texts.title, content);
}

interface Row {
  readonly resource: Resource;
  readonly soFar: Amount;
  /** What of it each SKU costs, by its name. */
  readonly skus: ReadonlyMap<string, Amount>;
  readonly foreseen: Amount;
}

/** What was used this month, and what isn't yet but will be. */
function rowsOf({ used, foreseen }: Usage, monthStartMs: number): Row[] {
  const present = used.filter((one) => one.used.month.startMs === monthStartMs);
  return foreseen.map(({ resource, month: { total } }) => {
    const own = present.find((one) => one.resource.id === resource.id)?.used;
    const skus = new Map<string, Amount>();
    for (const { name, amount } of own?.charges.flatMap(({ items }) => items) ?? [])
      skus.set(name, add(skus.get(name) ?? ZERO, amount));
    return { resource, soFar: own?.total ?? ZERO, skus, foreseen: total };
  });
}

const BySku = ({ skus, reader }: { readonly skus: Row["skus"]; readonly reader: Reader }) => (
  <ul class="list small">
    {[...skus].map(([name, amount]) => (
      <li>
        {name}: <Money minor={amount} reader={reader} />
      </li>
    ))}
  </ul>
);
