import type { Context } from "hono";
import type { Holds } from "../../account/answers.ts";
import { accountObject } from "../../account/client.ts";
import { isInTrash, type Resource } from "../../domain/resource.ts";
import { now } from "../../http/clock.ts";
import { callerOf } from "../../http/commands.ts";
import type { App } from "../../http/context.ts";
import { currentProducts } from "../../store/catalogue.ts";
import { listCreditNotes, listInvoices } from "../../store/documents.ts";
import { formatInstant, type Locale } from "../../texts/locale.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { trialTexts } from "../../texts/trials.ts";
import { useTexts } from "../../texts/use.ts";
import { namedResource } from "../chosen.ts";
import type { Told } from "../form.ts";
import { ROOMS } from "../rooms.ts";
import { nothingHere } from "../ui/closed.tsx";
import { Shortages } from "../ui/holds.tsx";
import { namesIn } from "../ui/names.ts";
import { Card, Fact, Notice } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { Actions } from "../ui/resource-actions.tsx";
import { EndOf, RenewalOf, StateOf, Tags, TimeLeft } from "../ui/resource-cells.tsx";
import { Ahead, Documents, Terms } from "../ui/resource-parts.tsx";
import { AutoRenewForm, TagsForm } from "../ui/resource-settings.tsx";
import { UseOfResource } from "../ui/resource-use.tsx";
import { may, mayEnter, readerOf } from "../visitor.ts";

/** So many of the latest documents of a resource are shown. */
const DOCUMENTS_SHOWN = 10;

/** A resource: what it is, what it was paid for, what comes, and what can be done about it. */
export async function resource(c: Context<App>) {
  const found = await namedResource(c);
  return found ? resourcePage(c, found, { status: 200 }) : nothingHere(c);
}

export async function resourcePage(
  c: Context<App>,
  resource: Resource,
  { status, notice, entered = {}, errors = {} }: Told,
) {
  const reader = readerOf(c);
  const { locale } = reader;
  const texts = resourceTexts[locale];
  const nowMs = now(c);
  const filter = { resource: resource.id, limit: DOCUMENTS_SHOWN };
  const { id: account } = c.var.account;
  const [products, found, invoices, creditNotes, use, holds] = await Promise.all([
    currentProducts(c.env),
    accountObject(c.env, account).balances(),
    mayEnter(c, "billing") ? listInvoices(c.env, account, filter) : null,
    mayEnter(c, "billing") ? listCreditNotes(c.env, account, filter) : null,
    may(c, "ListUsages")
      ? accountObject(c.env, account).resourceUse(resource.id, callerOf(c.var.principal), nowMs)
      : null,
    may(c, "GetUserBalance") ? accountObject(c.env, account).holds() : null,
  ]);
  const names = namesIn(products);
  const type = products
    .find(({ id }) => id === resource.product)
    ?.resourceTypes.find(({ id }) => id === resource.resourceType);
  const { billing } = resource;
  const isTrial = billing === "poc";
  const isByUse = billing === "hold" || billing === "postpaid";
  const isThere = resource.state !== "deleted" && resource.state !== "provisioning";
  const content = (
    <>
      <nav aria-label={texts.title}>
        <a href={ROOMS.resources.path}>← {texts.title}</a>
      </nav>
      <div class="heading">
        <div>
          <p class="quiet small">
            {names.product(resource)} · {names.type(resource)} · <span class="code">{resource.id}</span>
          </p>
          <h1>{resource.name}</h1>
        </div>
        <Actions {...{ c, resource, nowMs }} type={type ?? null} pocWallet={found?.pocWallet ?? null} />
      </div>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      <Standing resource={resource} locale={locale} />
      {holds ? <Shortages c={c} holds={only(holds, resource)} /> : null}
      <section class="card">
        <dl class="details">
          <Fact label={texts.state} main={<StateOf resource={resource} reader={reader} />} />
          {billing === "hold" || billing === "postpaid" ? (
            <Fact label={useTexts[locale].billedBy} main={useTexts[locale].billings[billing]} />
          ) : (
            <Fact
              label={texts.billingStatus}
              main={<TimeLeft resource={resource} nowMs={nowMs} reader={reader} />}
            />
          )}
          <Fact label={texts.configuration} main={names.configuration(resource)} />
          <Fact
            label={texts.started}
            main={
              resource.startAtMs === null ? "–" : formatInstant(resource.startAtMs, reader.timeZone, locale)
            }
            more={reader.timeZone}
          />
          {isByUse ? null : (
            <>
              <Fact
                label={texts.ends}
                main={<EndOf resource={resource} nowMs={nowMs} reader={reader} />}
                {...(resource.endAtMs === null
                  ? {}
                  : { more: formatInstant(resource.endAtMs, reader.timeZone, locale) })}
              />
              <Fact label={texts.renewal} main={<RenewalOf resource={resource} reader={reader} />} />
            </>
          )}
          {Object.keys(resource.tags).length > 0 ? (
            <Fact label={texts.tags} main={<Tags resource={resource} />} />
          ) : null}
        </dl>
      </section>
      {use ? <UseOfResource c={c} use={use} /> : null}
      <div class="pair">
        <Terms c={c} terms={resource.terms} />
        <Ahead resource={resource} account={c.var.account} nowMs={nowMs} reader={reader} />
      </div>
      {invoices && creditNotes ? (
        <Documents c={c} invoices={invoices} creditNotes={creditNotes} shown={DOCUMENTS_SHOWN} />
      ) : null}
      {isThere ? (
        <div class="pair">
          {may(c, "RenewResources") && !isInTrash(resource) && !isTrial && !isByUse ? (
            <Card title={texts.renewal}>
              <AutoRenewForm resource={resource} reader={reader} errors={errors} />
            </Card>
          ) : null}
          {may(c, "ManageResources") ? (
            <Card>
              <TagsForm resource={resource} reader={reader} entered={entered} errors={errors} />
            </Card>
          ) : null}
        </div>
      ) : null}
    </>
  );
  return portalPage(c, resource.name, content, { status });
}

/** What is held for one resource. */
const only = (holds: Holds, { id }: Resource): Holds => ({
  ...holds,
  resources: holds.resources.filter((one) => one.id === id),
});

/** What its customer must know of where it is: on trial, or in the trash. */
const Standing = ({ resource, locale }: { readonly resource: Resource; readonly locale: Locale }) => {
  const texts = trialTexts[locale];
  const { billing, state, policy } = resource;
  const isTrial = billing === "poc";
  if (isInTrash(resource))
    return <Notice tone="warn">{isTrial ? texts.inTrash : resourceTexts[locale].recoverHint}</Notice>;
  if (!isTrial || (state !== "active" && state !== "stopped")) return null;
  return <Notice tone="accent">{policy.isMetered ? texts.runningMetered : texts.running}</Notice>;
};
