declare const kind: unique symbol;
type Id<K extends string> = string & { readonly [kind]: K };

export type AccountId = Id<"account">;
export type ProductId = Id<"product">;
export type ResourceTypeId = Id<"resource type">;
export type SkuId = Id<"sku">;
export type CouponCode = Id<"coupon">;
export type OrderId = Id<"order">;
export type LineId = Id<"order line">;
export type ResourceId = Id<"resource">;
export type PaymentId = Id<"payment">;
export type ShareId = Id<"share">;
export type RecipientId = Id<"recipient">;
export type InvoiceAddressId = Id<"invoice address">;
export type LinkId = Id<"linked account">;
export type InvoiceCode = Id<"invoice">;
export type CallbackId = Id<"callback">;
export type CreditNoteCode = Id<"credit note">;

/** What every id in the API looks like. */
export const ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

/** Lines and resources are named after their order, so that a repeated decision names them the same. */
export const lineIdOf = (order: OrderId, index: number): LineId => `${order}.${index + 1}` as LineId;

export const orderIdOf = (line: LineId): OrderId => line.slice(0, line.lastIndexOf(".")) as OrderId;

export const resourceIdOf = (line: LineId): ResourceId => line.replace(/^ord_/, "res_") as ResourceId;
