import { z } from "zod";
import type { Account, Problem, Product, ResourceType, Sku } from "./billing.ts";

/** A type as it is ordered: for a period that is paid in advance, or to be billed after its use. */
export interface OfferedType extends ResourceType {
  readonly isByUse: boolean;
}

/** What a customer can order. Who pays in advance gets by its use what isn't sold for a period. */
export const orderableTypes = ({ resourceTypes }: Product, { billingMode }: Account): OfferedType[] =>
  resourceTypes.flatMap((type) => {
    const waysToBuy = billingMode === "postpaid" ? ["postpaid"] : ["prepaid", "hold"];
    const way = waysToBuy.find((known) => type.billing.includes(known));
    const offered = way === undefined ? null : offeredAs(type, way !== "prepaid");
    return offered && offered.skus.length > 0 ? [offered] : [];
  });

/** For a period only configurations are sold. */
export const offeredAs = (type: ResourceType, isByUse: boolean): OfferedType => ({
  ...type,
  isByUse,
  skus: isByUse ? type.skus : type.skus.filter(({ metering }) => metering === "configuration"),
});

/** A level can be configured to begin with; what is counted begins at nothing. */
export const isCounted = ({ metering }: Sku): boolean =>
  metering !== "configuration" && metering !== "gauge_hours";

/** What somebody typed into the form, as they typed it. */
export interface Entered {
  readonly name: string;
  readonly months: string;
  readonly quantity: string;
  readonly autoRenew: boolean;
  readonly skus: Readonly<Record<string, string>>;
}

/** What the form begins with: one of the first SKU, or as few as it is sold in. */
export function suggested({ id, minimumMonths, skus }: ResourceType): Entered {
  const first = skus.find((sku) => !isCounted(sku));
  const least = first?.minimum === undefined ? 1 : Math.ceil(Number(first.minimum));
  return {
    name: `my-${id}`,
    months: String(minimumMonths),
    quantity: "1",
    autoRenew: false,
    skus: Object.fromEntries(skus.map((sku) => [sku.id, sku === first ? String(least) : "0"])),
  };
}

export const skuField = ({ id }: Sku): string => `sku:${id}`;

const typed = z.string().trim().catch("");

export const readEntered = ({ skus }: ResourceType, form: Readonly<Record<string, unknown>>): Entered => ({
  name: typed.parse(form.name),
  months: typed.parse(form.months),
  quantity: typed.parse(form.quantity),
  autoRenew: form.autoRenew === "on",
  skus: readSkus(skus, form),
});

export const readSkus = (skus: readonly Sku[], form: Readonly<Record<string, unknown>>): Entered["skus"] =>
  Object.fromEntries(skus.map((sku) => [sku.id, typed.parse(form[skuField(sku)])]));

/** A whole number as one; whatever else was typed goes to billing as it is, which says what is wrong with it. */
const wholeNumber = (text: string): number | string => (/^\d{1,15}$/.test(text) ? Number(text) : text);

/** The configuration that the form asks for. What is metered belongs to it from nothing on. */
export const configurationOf = ({ skus }: ResourceType, entered: Entered["skus"]) =>
  skus
    .map((sku) => ({ sku, quantity: wholeNumber(entered[sku.id] ?? "") }))
    .filter(({ sku, quantity }) => quantity !== "" && (quantity !== 0 || sku.metering !== "configuration"))
    .map(({ sku: { id }, quantity }) => ({ sku: id, quantity }));

export const isEmpty = (type: ResourceType, entered: Entered["skus"]): boolean =>
  configurationOf(type, entered).length === 0;

export const isRenewable = ({ isByUse, autoRenewable }: OfferedType): boolean => autoRenewable && !isByUse;

/** The one item of the order. */
export const itemOf = (type: OfferedType, entered: Entered) => ({
  resourceType: type.id,
  name: entered.name,
  configuration: configurationOf(type, entered.skus),
  ...(type.isByUse ? {} : { period: { months: wholeNumber(entered.months) } }),
  quantity: wholeNumber(entered.quantity),
  ...(isRenewable(type) ? { autoRenew: { enabled: entered.autoRenew } } : {}),
});

/** What billing says about each field, by the field's name. */
export function fieldErrors(type: ResourceType, entered: Entered["skus"], { errors = [] }: Problem) {
  const configured = configurationOf(type, entered);
  const fieldOf = (path: string): string | undefined => {
    const [, field, index] = /^lines\[0\]\.(\w+)(?:\[(\d+)\])?/.exec(path) ?? [];
    if (field === "period") return "months";
    if (field !== "configuration") return field;
    const sku = index === undefined ? undefined : configured[Number(index)]?.sku;
    return sku === undefined ? field : `sku:${sku}`;
  };
  return new Map(errors.map(({ path, message }) => [fieldOf(path), message]));
}
