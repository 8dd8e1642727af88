import { BILLINGS, type Product } from "../../domain/catalogue.ts";
import { RESOURCE_STATES } from "../../domain/resource.ts";
import type { ResourceFilters as Asked } from "../../http/routes/resource-filters.ts";
import { BILLING_STATUSES } from "../../http/routes/resource-shapes.ts";
import { listTexts } from "../../texts/lists.ts";
import type { Locale } from "../../texts/locale.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { statuses } from "../../texts/statuses.ts";
import type { pageFields, Query } from "../query.ts";
import { Choice } from "./controls.tsx";
import { Filters } from "./list.tsx";
import { Field } from "./parts.tsx";

/** What narrows the list of resources. (Domain: Portal.) */
export function ResourceFilters({
  query,
  products,
  locale,
}: {
  readonly query: Query<typeof pageFields> & { readonly asked: Asked };
  readonly products: readonly Product[];
  readonly locale: Locale;
}) {
  const { asked } = query;
  const texts = resourceTexts[locale];
  const { all, search } = listTexts[locale];
  const types = products.flatMap(({ resourceTypes }) => resourceTypes);
  return (
    <Filters query={query} locale={locale}>
      <Field id="q" label={search} class="grow">
        <input id="q" name="q" type="search" value={asked.q} placeholder={texts.searchHint} />
      </Field>
      <Choice
        {...{ id: "product", label: texts.product, all, chosen: asked.product }}
        options={products.map(({ id, name }) => [id, name])}
      />
      <Choice
        {...{ id: "resourceType", label: texts.type, all, chosen: asked.resourceType }}
        options={types.map(({ id, name }) => [id, name])}
      />
      <Choice
        {...{ id: "state", label: texts.state, all: texts.notDeleted, chosen: asked.state }}
        options={RESOURCE_STATES.map((state) => [state, statuses[locale].resource[state]])}
      />
      <Choice
        {...{ id: "billing", label: texts.billing, all, chosen: asked.billing }}
        options={BILLINGS.map((billing) => [billing, statuses[locale].paidBy[billing]])}
      />
      <Choice
        {...{ id: "billingStatus", label: texts.billingStatus, all, chosen: asked.billingStatus }}
        options={BILLING_STATUSES.map((status) => [status, statuses[locale].billing[status]])}
      />
      <Choice
        {...{ id: "renewal", label: texts.renewal, all, chosen: asked.renewal }}
        options={[
          ["auto", texts.automatic],
          ["manual", texts.manual],
        ]}
      />
      <Field id="tag" label={texts.tag}>
        <input id="tag" name="tag" value={asked.tag} placeholder={texts.tagHint} spellcheck={false} />
      </Field>
    </Filters>
  );
}
