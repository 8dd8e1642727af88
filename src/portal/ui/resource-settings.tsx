import type { Resource } from "../../domain/resource.ts";
import { resourceTexts } from "../../texts/resources.ts";
import { type Entered, type FieldErrors, invalid } from "../form.ts";
import { resourcePath } from "../rooms.ts";
import { MonthOptions } from "./controls.tsx";
import { Field, type Reader } from "./parts.tsx";

interface Props {
  readonly resource: Resource;
  readonly reader: Reader;
  readonly errors: FieldErrors;
}

/** Tags as lines of text: as many as somebody likes, without a script. */
export function TagsForm({
  resource: { id, tags },
  reader: { locale },
  entered,
  errors,
}: Props & { readonly entered: Entered }) {
  const texts = resourceTexts[locale];
  const lines = Object.entries(tags).map(([key, value]) => `${key}:${value}`);
  return (
    <form method="post" action={resourcePath(id, "tags")} class="stack">
      <Field id="tags" label={texts.tags} hint={texts.tagsHint} error={errors.tags}>
        <textarea
          id="tags"
          name="tags"
          rows={Math.max(3, lines.length + 1)}
          spellcheck={false}
          {...invalid("tags", errors)}
        >
          {entered.tags ?? lines.join("\n")}
        </textarea>
      </Field>
      <div>
        <button type="submit">{texts.save}</button>
      </div>
    </form>
  );
}

/** Auto-renewal on or off, with its months. What only support may turn off says so. (Domain: Lifecycle, Auto-renew.) */
export function AutoRenewForm({ resource: { id, policy, autoRenew }, reader: { locale }, errors }: Props) {
  const texts = resourceTexts[locale];
  if (!policy.autoRenewable) return <p class="quiet">{texts.autoRenewNotOffered}</p>;
  const isFixed = autoRenew.enabled && policy.autoRenewOffBy === "support";
  return (
    <form method="post" action={resourcePath(id, "autoRenew")} class="stack">
      {isFixed ? <input type="hidden" name="enabled" value="on" /> : null}
      <label class="check">
        <input
          type="checkbox"
          name={isFixed ? undefined : "enabled"}
          checked={autoRenew.enabled}
          disabled={isFixed}
        />
        {texts.autoRenew}
      </label>
      <p class="hint">
        {isFixed ? `${texts.autoRenewOffBySupport} ` : ""}
        {texts.autoRenewHint}
      </p>
      <Field id="months" label={texts.autoRenewFor} error={errors.months} class="short">
        <select id="months" name="months" {...invalid("months", errors)}>
          <MonthOptions present={autoRenew.months} chosen={String(autoRenew.months)} locale={locale} />
        </select>
      </Field>
      <div>
        <button type="submit">{texts.save}</button>
      </div>
    </form>
  );
}
