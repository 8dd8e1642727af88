import { Badge, Rows, type Tone } from "../../portal/ui/parts.tsx";
import type { consoleTexts } from "../../texts/console.ts";
import { formatShortInstant, type Locale } from "../../texts/locale.ts";
import type { Page, Resource } from "./billing.ts";
import { metersOf } from "./report-use.tsx";
import type { ACTS } from "./resource-actions.tsx";
import type { LastCall } from "./state.ts";
import { consolePath, type Visit } from "./visit.tsx";

const STATE_TONES: Record<Resource["state"], Tone> = {
  provisioning: "accent",
  active: "good",
  stopped: "neutral",
  restricted: "warn",
  suspended: "warn",
  deleted: "neutral",
};

export type Texts = (typeof consoleTexts)[Locale];

/** Whether billing waits for the console to say how it went. */
export const isBusy = ({ pendingLine }: Resource): boolean => pendingLine !== null;

interface ResourceListProps {
  readonly texts: Texts;
  readonly locale: Locale;
  readonly visit: Visit;
  readonly calls: ReadonlyMap<string, LastCall>;
  readonly resources: Page<Resource>;
}

/** The customer's resources as billing has them, with the last call that the console took about each. */
export function ResourceList({ texts, locale, visit, calls, resources }: ResourceListProps) {
  const { product, customer } = visit;
  const { data, nextCursor } = resources;
  if (data.length === 0)
    return (
      <div class="card empty">
        <h2>{texts.noResources}</h2>
        <p>{texts.noResourcesHint}</p>
      </div>
    );
  const at = (instant: string | null) =>
    instant === null ? texts.none : formatShortInstant(Date.parse(instant), customer.timeZone, locale);
  const typeName = (id: string) => product.resourceTypes.find((type) => type.id === id)?.name ?? id;
  return (
    <>
      <Rows
        caption={texts.resources}
        rows={data}
        columns={[
          { title: texts.name, isLead: true, cell: ({ name }) => name },
          { title: texts.type, cell: ({ resourceType }) => typeName(resourceType) },
          {
            title: texts.state,
            cell: (resource) => <State resource={resource} product={product.id} texts={texts} />,
          },
          { title: texts.since, cell: ({ startAt }) => at(startAt) },
          { title: texts.end, cell: ({ endAt }) => at(endAt) },
          { title: texts.autoRenew, cell: ({ autoRenew }) => (autoRenew.enabled ? texts.on : texts.off) },
          {
            title: texts.lastCall,
            cell: ({ id }) => <span class="code">{calls.get(id)?.call ?? texts.none}</span>,
          },
          {
            title: texts.actions,
            cell: (resource) => (
              <Actions
                resource={resource}
                product={product.id}
                texts={texts}
                isMetered={metersOf(visit, resource).length > 0}
              />
            ),
          },
        ]}
      />
      {nextCursor === null ? null : <p class="hint">{texts.onlyNewest}</p>}
    </>
  );
}

interface StateProps {
  readonly resource: Resource;
  readonly product: string;
  readonly texts: Texts;
}

/** A resource's state; for one that billing waits for, also the console's two ways to answer billing by hand. */
const State = ({ resource, product, texts }: StateProps) => (
  <div class="row">
    <Badge tone={STATE_TONES[resource.state]}>{texts.states[resource.state]}</Badge>
    {isBusy(resource) ? (
      <form
        method="post"
        action={`${consolePath(product)}/resources/${encodeURIComponent(resource.id)}`}
        class="row"
      >
        <input type="hidden" name="line" value={resource.pendingLine ?? ""} />
        <button
          type="submit"
          id={`finish-${resource.id}`}
          name="outcome"
          value="succeed"
          class="plain"
          aria-label={`${texts.finish}: ${resource.name}`}
        >
          {texts.finish}
        </button>
        <button
          type="submit"
          id={`fail-${resource.id}`}
          name="outcome"
          value="fail"
          class="plain"
          aria-label={`${texts.fail}: ${resource.name}`}
        >
          {texts.fail}
        </button>
      </form>
    ) : null}
  </div>
);

/** What its customer can do with a resource here, as far as its state allows. */
const Actions = ({ resource, product, texts, isMetered }: StateProps & { readonly isMetered: boolean }) => {
  const { state, deletesAt } = resource;
  if (state === "deleted" || isBusy(resource)) return <span class="quiet">{texts.none}</span>;
  const path = `${consolePath(product)}/resources/${encodeURIComponent(resource.id)}`;
  const runs = state === "active" || state === "stopped";
  return (
    <form method="post" action={`${path}/action`} class="row">
      {state === "active" ? <Act action="stop" name={resource.name} texts={texts} /> : null}
      {state === "stopped" ? <Act action="start" name={resource.name} texts={texts} /> : null}
      {runs ? (
        <a class="button plain" href={`${path}/resize`} aria-label={`${texts.resize}: ${resource.name}`}>
          {texts.resize}
        </a>
      ) : null}
      {isMetered ? (
        <a class="button plain" href={`${path}/use`} aria-label={`${texts.reportUse}: ${resource.name}`}>
          {texts.reportUse}
        </a>
      ) : null}
      {deletesAt === null ? (
        <Act action="delete" name={resource.name} texts={texts} />
      ) : (
        <Act action="recover" name={resource.name} texts={texts} />
      )}
    </form>
  );
};

const Act = ({
  action,
  name,
  texts,
}: {
  readonly action: (typeof ACTS)[number];
  readonly name: string;
  readonly texts: Texts;
}) => (
  <button type="submit" name="action" value={action} class="plain" aria-label={`${texts[action]}: ${name}`}>
    {texts[action]}
  </button>
);
