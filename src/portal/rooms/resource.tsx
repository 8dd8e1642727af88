import type { Context } from "hono";
import { hindrance } from "../../domain/action.ts";
import { isInTrash, type Resource } from "../../domain/resource.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { currentProducts } from "../../store/catalogue.ts";
import { listCreditNotes, listInvoices } from "../../store/documents.ts";
import { formatInstant } from "../../texts/locale.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { namedResource } from "../chosen.ts";
import type { Told } from "../form.ts";
import { ROOMS, resourcePath } from "../rooms.ts";
import { nothingHere } from "../ui/closed.tsx";
import { namesIn } from "../ui/names.ts";
import { Card, Fact, Notice } from "../ui/parts.tsx";
import { portalPage } from "../ui/portal-page.tsx";
import { EndOf, RenewalOf, StateOf, Tags, TimeLeft } from "../ui/resource-cells.tsx";
import { Ahead, Documents, Terms } from "../ui/resource-parts.tsx";
import { AutoRenewForm, TagsForm } from "../ui/resource-settings.tsx";
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
  const [products, invoices, creditNotes] = await Promise.all([
    currentProducts(c.env),
    mayEnter(c, "billing") ? listInvoices(c.env, account, filter) : null,
    mayEnter(c, "billing") ? listCreditNotes(c.env, account, filter) : null,
  ]);
  const names = namesIn(products);
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
        <Actions c={c} resource={resource} nowMs={nowMs} />
      </div>
      {notice ? <Notice tone={notice.tone}>{notice.text}</Notice> : null}
      {isInTrash(resource) ? <Notice tone="warn">{texts.recoverHint}</Notice> : null}
      <section class="card">
        <dl class="details">
          <Fact label={texts.state} main={<StateOf resource={resource} reader={reader} />} />
          <Fact
            label={texts.billingStatus}
            main={<TimeLeft resource={resource} nowMs={nowMs} reader={reader} />}
          />
          <Fact label={texts.configuration} main={names.configuration(resource)} />
          <Fact
            label={texts.started}
            main={
              resource.startAtMs === null ? "–" : formatInstant(resource.startAtMs, reader.timeZone, locale)
            }
            more={reader.timeZone}
          />
          <Fact
            label={texts.ends}
            main={<EndOf resource={resource} nowMs={nowMs} reader={reader} />}
            {...(resource.endAtMs === null
              ? {}
              : { more: formatInstant(resource.endAtMs, reader.timeZone, locale) })}
          />
          <Fact label={texts.renewal} main={<RenewalOf resource={resource} reader={reader} />} />
          {Object.keys(resource.tags).length > 0 ? (
            <Fact label={texts.tags} main={<Tags resource={resource} />} />
          ) : null}
        </dl>
      </section>
      <div class="pair">
        <Terms c={c} terms={resource.terms} />
        <Ahead resource={resource} account={c.var.account} nowMs={nowMs} reader={reader} />
      </div>
      {invoices && creditNotes ? (
        <Documents c={c} invoices={invoices} creditNotes={creditNotes} shown={DOCUMENTS_SHOWN} />
      ) : null}
      {isThere ? (
        <div class="pair">
          {may(c, "RenewResources") && !isInTrash(resource) ? (
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

/** What can be done now, by whoever looks. */
const Actions = ({
  c,
  resource,
  nowMs,
}: {
  readonly c: Context<App>;
  readonly resource: Resource;
  readonly nowMs: number;
}) => {
  const texts = resourceTexts[readerOf(c).locale];
  const can = (action: "renew" | "recover" | "delete") => hindrance(action, resource, nowMs) === null;
  return (
    <div class="row">
      {mayEnter(c, "renew") && can("renew") ? (
        <form method="post" action={ROOMS.renew.path}>
          <input type="hidden" name="resource" value={resource.id} />
          <button type="submit" class="primary">
            {texts.renew}
          </button>
        </form>
      ) : null}
      {mayEnter(c, "recover") && can("recover") ? (
        <form method="post" action={resourcePath(resource.id, "recover")}>
          <button type="submit" class="primary">
            {texts.recover}
          </button>
        </form>
      ) : null}
      {mayEnter(c, "deletion") && can("delete") ? (
        <a class="button" href={resourcePath(resource.id, "deletion")}>
          {texts.delete}
        </a>
      ) : null}
    </div>
  );
};
