import { Field } from "../../portal/ui/parts.tsx";
import { consoleTexts } from "../../texts/console.ts";
import type { Locale } from "../../texts/locale.ts";
import { formatDecimal, formatUnit } from "../../texts/units.ts";
import type { ResourceType, Sku } from "./billing.ts";
import { type Entered, isCounted, isEmpty, skuField } from "./configuration.ts";

/** The configuration of a resource: how many of each SKU, with its price. */
export function SkuFields({
  type,
  entered,
  errors,
  reader: { locale, currency },
}: {
  readonly type: ResourceType;
  readonly entered: Entered["skus"];
  readonly errors: ReadonlyMap<string | undefined, string>;
  readonly reader: { readonly locale: Locale; readonly currency: string };
}) {
  const texts = consoleTexts[locale];
  const priceOf = ({ unit, unitPrice, minimum }: Sku): string => {
    const price = `${formatDecimal(unitPrice, locale)} ${currency} ${texts.per} ${formatUnit(unit, locale)}`;
    return minimum === undefined ? price : `${price}, ${texts.atLeast} ${formatDecimal(minimum, locale)}`;
  };
  return (
    <fieldset class="stack">
      <legend>{texts.configuration}</legend>
      <p class="hint">{texts.configurationHint}</p>
      {errors.has("configuration") ? (
        <p class="error">{isEmpty(type, entered) ? texts.nothingChosen : errors.get("configuration")}</p>
      ) : null}
      <div class="grid">
        {type.skus.map((sku) =>
          isCounted(sku) ? (
            <div class="field">
              <span>{sku.name}</span>
              <span class="hint">
                {priceOf(sku)}. {texts.counted}
              </span>
              <input type="hidden" name={skuField(sku)} value="0" />
            </div>
          ) : (
            <Input
              id={skuField(sku)}
              label={sku.name}
              hint={sku.metering === "gauge_hours" ? `${priceOf(sku)}. ${texts.firstLevel}` : priceOf(sku)}
              value={entered[sku.id] ?? ""}
              error={errors.get(skuField(sku))}
              least={0}
            />
          ),
        )}
      </div>
    </fieldset>
  );
}

export interface InputProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** The least number; without one the field takes text. */
  readonly least?: number;
}

export const Input = ({ id, label, value, hint, error, least }: InputProps) => {
  const described = [error === undefined ? [] : `${id}-error`, hint === undefined ? [] : `${id}-hint`].flat();
  return (
    <Field id={id} label={label} {...(hint === undefined ? {} : { hint })} error={error}>
      <input
        id={id}
        name={id}
        value={value}
        required
        {...(least === undefined
          ? { autocomplete: "off" }
          : { type: "number", min: least, inputmode: "numeric" })}
        aria-invalid={error === undefined ? undefined : "true"}
        aria-describedby={described.length > 0 ? described.join(" ") : undefined}
      />
    </Field>
  );
};
