import type { LineId, OrderId, ProductId, ResourceId, ResourceTypeId, SkuId } from "./ids.ts";
import type { PaidLine, Resource } from "./resource.ts";

/** What a product console can be told about one of its resources. (README: Calls to product consoles.) */
export const CALL_TYPES = [
  "resource.provision",
  "resource.resize",
  "resource.renewed",
  "resource.suspend",
  "resource.restrict",
  "resource.resume",
  "resource.recover",
  "resource.trash",
  "resource.delete",
] as const;
export type CallType = (typeof CALL_TYPES)[number];

/** These make whatever wasn't delivered before them pointless. */
const SUPERSEDING: readonly CallType[] = ["resource.suspend", "resource.delete"];

export const supersedes = (type: CallType): boolean => SUPERSEDING.includes(type);

export interface ConsoleCall {
  readonly type: CallType;
  readonly product: ProductId;
  readonly resource: ResourceId;
  readonly resourceType: ResourceTypeId;
  readonly name: string;
  readonly order: OrderId | null;
  readonly line: LineId | null;
  readonly configuration: readonly { readonly sku: SkuId; readonly quantity: number }[];
  readonly startAtMs: number | null;
  readonly endAtMs: number | null;
  readonly atMs: number;
}

/** Tells a resource's console about it as it is now, and which paid line that is for. */
export const callAbout = (
  type: CallType,
  resource: Resource,
  atMs: number,
  paidLine: PaidLine | null = null,
): ConsoleCall => ({
  type,
  product: resource.product,
  resource: resource.id,
  resourceType: resource.resourceType,
  name: resource.name,
  order: paidLine?.order ?? null,
  line: paidLine?.line ?? null,
  configuration: resource.configuration,
  startAtMs: resource.startAtMs,
  endAtMs: resource.endAtMs,
  atMs,
});
