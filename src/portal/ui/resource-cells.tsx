import { billingStatus, isInTrash, type Resource } from "../../domain/resource.ts";
import { formatDate } from "../../texts/locale.ts";
import { formatDistance } from "../../texts/relative.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { trialTexts } from "../../texts/trials.ts";
import { formatMonths } from "../../texts/units.ts";
import type { Reader } from "./parts.tsx";
import { Status } from "./statuses.tsx";

interface Props {
  readonly resource: Resource;
  readonly reader: Reader;
}

/** A resource's state; what is a trial, in the trash, or waits for its console, says so. */
export const StateOf = ({ resource, reader: { locale } }: Props) => (
  <>
    <Status of="resource" is={resource.state} locale={locale} />
    {resource.billing === "poc" ? (
      <>
        {" "}
        <Status of="paidBy" is="poc" locale={locale} />
      </>
    ) : null}
    {isInTrash(resource) ? <span class="quiet small"> {resourceTexts[locale].inTrash}</span> : null}
    {resource.pending && resource.state !== "provisioning" ? (
      <span class="quiet small"> {resourceTexts[locale].busy}</span>
    ) : null}
  </>
);

/** The day of an instant, and how far off it is. */
export const Day = ({
  atMs,
  nowMs,
  reader,
}: {
  readonly atMs: number;
  readonly nowMs: number;
  readonly reader: Reader;
}) => (
  <>
    {formatDate(atMs, reader.timeZone, reader.locale)}{" "}
    <span class="quiet small whole">{formatDistance(atMs, nowMs, reader.locale)}</span>
  </>
);

/** When its time ends; for what is in the trash, when it is deleted. */
export const EndOf = ({ resource, nowMs, reader }: Props & { readonly nowMs: number }) => {
  const { endAtMs, deletesAtMs } = resource;
  if (deletesAtMs !== null)
    return (
      <>
        <span class="quiet">{resourceTexts[reader.locale].deletedOn}:</span>{" "}
        <Day atMs={deletesAtMs} nowMs={nowMs} reader={reader} />
      </>
    );
  return endAtMs === null ? (
    <span class="quiet">–</span>
  ) : (
    <Day atMs={endAtMs} nowMs={nowMs} reader={reader} />
  );
};

/** How much of its time is left, as a badge. */
export const TimeLeft = ({ resource, nowMs, reader: { locale } }: Props & { readonly nowMs: number }) => {
  const status = billingStatus(resource, nowMs);
  return status === null ? <span class="quiet">–</span> : <Status of="billing" is={status} locale={locale} />;
};

export const RenewalOf = ({ resource: { autoRenew, billing }, reader: { locale } }: Props) => (
  <>
    {billing === "poc" ? (
      trialTexts[locale].renewal
    ) : autoRenew.enabled ? (
      <>
        {resourceTexts[locale].automatic}{" "}
        <span class="quiet small whole">{formatMonths(autoRenew.months, locale)}</span>
      </>
    ) : (
      resourceTexts[locale].manual
    )}
  </>
);

/** Tags as they are searched for. */
export const Tags = ({ resource: { tags } }: Pick<Props, "resource">) => (
  <>
    {Object.entries(tags).map(([key, value]) => (
      <span class="tag">
        {key}:{value}
      </span>
    ))}
  </>
);
