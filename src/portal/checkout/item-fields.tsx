import { firstTermTime } from "../../domain/resource.ts";
import { checkoutTexts } from "../../texts/checkout.ts";
import { invalid } from "../form.ts";
import { asInput, MonthOptions } from "../ui/controls.tsx";
import { Field, FieldError } from "../ui/parts.tsx";
import { fieldsOf, presentRenewal, UNTIL_A_DATE } from "./form.ts";
import type { ItemProps } from "./order-form.tsx";

/** For how long, or until when. `endAtMs`: when that ends, where it is known already. */
export const PeriodField = ({
  item,
  index,
  nowMs,
  reader,
  entered,
  errors,
  endAtMs: knownEndAtMs,
}: ItemProps & { readonly endAtMs: number | null }) => {
  const texts = checkoutTexts[reader.locale];
  const names = fieldsOf(index);
  const months = item.period && "months" in item.period ? item.period.months : null;
  const chosen = entered[names.period] ?? (months === null ? UNTIL_A_DATE : String(months));
  const endAtMs = knownEndAtMs ?? (item.period && firstTermTime(item.period, nowMs, reader.timeZone).endMs);
  return (
    <div class="period">
      <Field id={names.period} label={texts.period} error={errors[names.period]}>
        <select id={names.period} name={names.period} {...invalid(names.period, errors)}>
          <MonthOptions present={months} chosen={chosen} locale={reader.locale} />
          <option value={UNTIL_A_DATE} selected={chosen === UNTIL_A_DATE}>
            {texts.untilADate}
          </option>
        </select>
      </Field>
      <Field id={names.until} label={texts.until} error={errors[names.until]} class="until-date">
        <input
          id={names.until}
          name={names.until}
          type="datetime-local"
          value={entered[names.until] ?? (endAtMs === null ? "" : asInput(endAtMs, reader.timeZone))}
          {...invalid(names.until, errors)}
        />
      </Field>
    </div>
  );
};

/** Whether it shall be renewed by itself, and for how long each time. */
export const AutoRenewField = ({ checkout, item, index, reader, entered, errors }: ItemProps) => {
  const texts = checkoutTexts[reader.locale];
  const names = fieldsOf(index);
  const present = presentRenewal(item, checkout.resources);
  const months = present?.months ?? 1;
  const chosen = entered[names.renewMonths] ?? String(months);
  const isOn =
    entered[names.renewMonths] === undefined ? present?.enabled === true : entered[names.autoRenew] === "on";
  return (
    <div class="row">
      <label class="check">
        <input
          type="checkbox"
          id={names.autoRenew}
          name={names.autoRenew}
          checked={isOn}
          {...invalid(names.autoRenew, errors)}
        />
        {texts.autoRenew}
      </label>
      <label class="check renewal" for={names.renewMonths}>
        <span class="quiet">{texts.renewFor}</span>
        <select id={names.renewMonths} name={names.renewMonths}>
          <MonthOptions present={months} chosen={chosen} locale={reader.locale} />
        </select>
      </label>
      <FieldError id={names.autoRenew}>{errors[names.autoRenew]}</FieldError>
    </div>
  );
};
