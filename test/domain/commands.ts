import type { Product } from "../../src/domain/catalogue.ts";
import type { AnswerProvisioning } from "../../src/domain/commands/answer-provisioning.ts";
import type { CancelOrder } from "../../src/domain/commands/cancel-order.ts";
import type { ChangeOrder } from "../../src/domain/commands/change-order.ts";
import type { DeleteResource } from "../../src/domain/commands/delete-resource.ts";
import type { GrantCredit } from "../../src/domain/commands/grant-credit.ts";
import type { OpenCheckout } from "../../src/domain/commands/open-checkout.ts";
import type { PayOrder } from "../../src/domain/commands/pay-order.ts";
import type { PlaceOrder } from "../../src/domain/commands/place-order.ts";
import type { RunOrderDue } from "../../src/domain/commands/run-order-due.ts";
import type { RunResourceDue } from "../../src/domain/commands/run-resource-due.ts";
import type { SetAutoRenew } from "../../src/domain/commands/set-auto-renew.ts";
import type { SetPocWallet } from "../../src/domain/commands/set-poc-wallet.ts";
import type { ShareOrder } from "../../src/domain/commands/share-order.ts";
import type { StopPoc } from "../../src/domain/commands/stop-poc.ts";
import type { UnshareOrder } from "../../src/domain/commands/unshare-order.ts";
import type { CouponCode, LineId, PaymentId, ResourceId, ShareId } from "../../src/domain/ids.ts";
import { money } from "../../src/domain/money.ts";
import type { Action, OrderItem, Period } from "../../src/domain/order.ts";
import type { PayMethod } from "../../src/domain/payment.ts";
import { itemOf, orderId, vserver } from "./samples.ts";

/** The orders of the tests are `ord_1`, `ord_2` …; the first line of one is `ord_1.1` and becomes `res_1.1`. */
export const ORDER = orderId("ord_1");
export const SHARE = "share_1" as ShareId;

export const placeOrder = (items: readonly OrderItem[], more: Partial<PlaceOrder> = {}): PlaceOrder => ({
  type: "place_order",
  order: ORDER,
  product: vserver,
  action: "create",
  items,
  returnUrl: "https://console.example/done?x=1",
  cancelUrl: null,
  localReturnAllowed: false,
  ...more,
});

export const placeServer = (more: Partial<OrderItem> = {}): PlaceOrder =>
  placeOrder([itemOf("server", { general: 1 }, more)]);

export const changeOrder = (more: Partial<ChangeOrder> = {}): ChangeOrder => ({
  type: "change_order",
  order: ORDER,
  product: vserver,
  everyItem: {},
  changes: [],
  coupon: null,
  ...more,
});

export const payOrder = (
  more: {
    method?: PayMethod;
    reservedCoupon?: string;
    order?: string;
    agreedTotal?: number;
    product?: Product;
  } = {},
): PayOrder => ({
  type: "pay_order",
  order: orderId(more.order ?? ORDER),
  method: more.method ?? "credit",
  payment: `pay_${(more.order ?? ORDER).slice(4)}` as PaymentId,
  reservedCoupon: (more.reservedCoupon as CouponCode | undefined) ?? null,
  ...(more.agreedTotal === undefined ? {} : { agreedTotal: money(more.agreedTotal) }),
  ...(more.product ? { product: more.product } : {}),
});

export const openCheckout = (opening: number, order: string = ORDER): OpenCheckout => ({
  type: "open_checkout",
  order: orderId(order),
  opening,
});

export const cancelOrder = (order: string = ORDER): CancelOrder => ({
  type: "cancel_order",
  order: orderId(order),
});

export const shareOrder = (of: Partial<ShareOrder> = {}): ShareOrder => ({
  type: "share_order",
  order: ORDER,
  share: SHARE,
  email: "binh@example.com",
  url: "https://billing.example/share/x",
  ...of,
});

export const unshareOrder = (): UnshareOrder => ({ type: "unshare_order", order: ORDER });

/** The console's answer for a line, such as "1.2": the second line of `ord_1`. */
const answer = (line: string, outcome: AnswerProvisioning["outcome"]): AnswerProvisioning => ({
  type: "answer_provisioning",
  resource: `res_${line}` as ResourceId,
  line: `ord_${line}` as LineId,
  outcome,
});

export const succeeded = (line = "1.1") => answer(line, { status: "succeeded" });

export const failed = (line = "1.1", reason = "no capacity") => answer(line, { status: "failed", reason });

export const runOrderDue = (order: string = ORDER): RunOrderDue => ({
  type: "run_order_due",
  order: orderId(order),
});

/** The resource of the first line of `ord_1`. */
export const RESOURCE = "res_1.1" as ResourceId;

/** An order about resources there are; they are servers unless said otherwise. */
export const orderFor = (
  action: Action,
  of: {
    order?: string;
    resources?: readonly string[];
    type?: string;
    configuration?: Record<string, number>;
    period?: Period | null;
    autoRenew?: OrderItem["autoRenew"];
    product?: PlaceOrder["product"];
  } = {},
): PlaceOrder => {
  const { resources = [RESOURCE], type = "server", configuration = {}, period = { months: 1 } } = of;
  const item = (resource: string) =>
    itemOf(type, configuration, {
      resource: resource as ResourceId,
      name: "",
      period: action === "resize" ? null : period,
      autoRenew: of.autoRenew ?? null,
    });
  return placeOrder(resources.map(item), {
    action,
    order: orderId(of.order ?? "ord_2"),
    product: of.product ?? vserver,
  });
};

/** The console's answer for a line, such as "2.1", about a resource that isn't the line's own. */
export const succeededFor = (line: string, resource: string = RESOURCE): AnswerProvisioning => ({
  ...succeeded(line),
  resource: resource as ResourceId,
});
export const failedFor = (line: string, resource: string = RESOURCE): AnswerProvisioning => ({
  ...failed(line),
  resource: resource as ResourceId,
});

export const deleteResource = (resource: string = RESOURCE): DeleteResource => ({
  type: "delete_resource",
  resource: resource as ResourceId,
});

export const setAutoRenew = (enabled = true, months = 1, resource: string = RESOURCE): SetAutoRenew => ({
  type: "set_auto_renew",
  resource: resource as ResourceId,
  autoRenew: { enabled, months },
});

export const runResourceDue = (
  resource: string = RESOURCE,
  product: RunResourceDue["product"] = vserver,
): RunResourceDue => ({ type: "run_resource_due", resource: resource as ResourceId, product });

export const setPocWallet = (amount: number, expiresAtMs: number, reference = "poc_1"): SetPocWallet => ({
  type: "set_poc_wallet",
  amount: money(amount),
  expiresAtMs,
  reference,
});

export const stopPoc = (resource: string = RESOURCE): StopPoc => ({
  type: "stop_poc",
  resource: resource as ResourceId,
});

export const grantCredit = (amount: number, reference = "grant_1"): GrantCredit => ({
  type: "grant_credit",
  amount: money(amount),
  reason: "Welcome",
  reference,
});
