import type { FiledCallback } from "../../src/domain/attempts/callback.ts";
import type { Command } from "../../src/domain/decide.ts";
import type {
  CallbackId,
  InvoiceAddressId,
  InvoiceCode,
  PaymentId,
  RecipientId,
  ShareId,
} from "../../src/domain/ids.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/local-time.ts";
import { money } from "../../src/domain/money.ts";
import { attemptId, heard, payAt, refusal, success, topUp } from "../domain/attempts/attempts.ts";
import { autoTopUp, beginAutoTopUp, noAutoTopUp } from "../domain/auto-top-up/auto-top-ups.ts";
import {
  cancelOrder,
  changeOrder,
  failed,
  ORDER,
  openCheckout,
  payOrder,
  placeOrder,
  runOrderDue,
  setPocWallet,
  shareOrder,
  succeeded,
} from "../domain/commands.ts";
import { hearLink, linked, linkId, payLinked, sealed, startLink } from "../domain/linking/links.ts";
import { hearRefund, refunded, refundId, startRefund } from "../domain/refunds.ts";
import { amountOff, itemOf, orderId, vserver } from "../domain/samples.ts";
import { METERED } from "./metered.ts";
import {
  given,
  later,
  NOON_MS,
  NOT_KEPT,
  ONCE,
  type Scenario,
  SET,
  type Step,
  type Subject,
  scenario,
} from "./scenario.ts";
import {
  bought,
  delivered,
  grant,
  notDelivered,
  opened,
  opening,
  postpaid,
  RESOURCE,
  rich,
  SECOND,
  said,
} from "./steps.ts";

const recipient = "rcp_1" as RecipientId;
const asked = given(({ account }) => ({
  ...{ type: "add_recipient" as const, recipient, email: `chi-${account}@example.com` },
  confirmationUrl: "https://billing.example/confirm",
}));
const confirmed = given(() => ({ type: "confirm_recipient" as const, recipient }));
const removed = given(() => ({ type: "remove_recipient" as const, recipient }));
const ADDRESS = "adr_1" as InvoiceAddressId;
const addressed = (address = ADDRESS) =>
  given(() => ({
    ...{ type: "add_invoice_address" as const, address },
    party: {
      ...{ kind: "enterprise" as const, name: "Công ty An", taxCode: "0101234567" },
      ...{ address: "1 Tràng Tiền, Hà Nội", email: null },
    },
  }));
const OTHER_ADDRESS = "adr_2" as InvoiceAddressId;
const server = (quantity = 1) => itemOf("server", { small: 1 }, { quantity });
const placed = given(() => placeOrder([server(2)]));
const withCoupon = given(({ coupon: code }) => changeOrder({ coupon: amountOff(10_000, { code }) }));
const pay = given(({ attempt }) => ({ ...payOrder(), payment: `pay_${attempt}` as PaymentId }));
const cancel = given(() => cancelOrder());
const overdue = (hours: number) => later(hours, { ...given(() => runOrderDue()), by: "time" } as const);
const paid = [opened, rich, placed, pay];
/** The resource of the first line is in service. */
const active = [...paid, delivered("1.1")];
/** And nothing else is waited for. */
const alone = [opened, rich, given(() => placeOrder([server()])), pay, delivered("1.1")];
const laterOrder = (
  action: "renew" | "resize" | "recover" | "convert_poc",
  configuration: Record<string, number>,
) =>
  given(() =>
    placeOrder(
      [
        itemOf("server", configuration, {
          resource: RESOURCE,
          period: action === "resize" ? null : { months: 1 },
        }),
      ],
      { action, order: SECOND },
    ),
  );
const paySecond = given(({ attempt }) => ({
  ...payOrder({ order: SECOND }),
  payment: `pay_${attempt}2` as PaymentId,
}));
const remove = given(() => ({ type: "delete_resource", resource: RESOURCE }) as const);
const autoRenewed = given(
  () => ({ type: "set_auto_renew", resource: RESOURCE, autoRenew: { enabled: true, months: 1 } }) as const,
);
const due = (days: number) =>
  ({
    command: () => ({ type: "run_resource_due", resource: RESOURCE, product: vserver }) as const,
    atMs: NOON_MS + days * DAY_MS,
    by: "time",
  }) as const;
const FIRST = attemptId(1);
const little = grant(100_000);
const toppingUp = given(() => payAt("top_up_and_pay"));
const arrived = said(heard(success(), { amount: 80_000 }));
const filed: FiledCallback = {
  ...{ id: "cb_1" as CallbackId, status: "unmatched", gateway: "momo", reference: "nobody's" },
  ...{ merchant: "MOMOTEST", amount: money(5_000), currency: "VND", theirId: "7", atMs: NOON_MS },
};
const minutes = (n: number) =>
  ({
    command: () => ({ type: "run_attempt_due", attempt: FIRST }) as const,
    atMs: NOON_MS + n * MINUTE_MS,
    by: "time",
  }) as const;
const sharing = given(({ account, attempt }) =>
  shareOrder({ share: `share_${attempt}` as ShareId, email: `binh-${account}@example.com` }),
);
const captured = [opened, bought, said(heard(success(), { amount: 200_000 }))];
const sendingBack = given(({ attempt }) => startRefund(50_000, { n: attempt }));
/** A postpaid account whose only resource was used from noon on the 10th; at its month's close there is a bill. */
const BILL = "204002-7QK-1" as InvoiceCode;
const confirmed1 = given(() => placeOrder([itemOf("server", { small: 1 }, { period: null })]));
const used = [postpaid, confirmed1, delivered("1.1")];
/** After 02:00 on the first, before the morning's payment. */
const closing = due(21.4);
const billed = [...used, closing];
/** Less than what a server costs until the next midnight, let alone for a month. */
const budgeting = (isAsking = false) =>
  given(({ account }) => ({
    type: "set_budget" as const,
    settings: {
      ...{ monthlyLimit: money(500), alertEmail: isAsking ? `chi-${account}@example.com` : null },
      asking: { recipient, confirmationUrl: "https://billing.example/confirm" },
    },
  }));
const budgetDueIn = (hours: number) =>
  ({
    command: () => ({ type: "run_budget_due", used: null }) as const,
    atMs: NOON_MS + hours * HOUR_MS,
    by: "time",
  }) as const;
const afterClose = <C extends Command>(command: (of: Subject) => C): Step<C> => ({
  ...given(command),
  atMs: NOON_MS + 22 * DAY_MS,
});
const payBill = (amount: number | null = null) =>
  afterClose(({ attempt }) => ({
    ...{ type: "pay_bills" as const, bills: [BILL], amount: amount === null ? null : money(amount) },
    ...{ method: "credit" as const, payment: `pay_${attempt}` as PaymentId },
  }));
const billsDueIn = (days: number) =>
  ({
    command: () => ({ type: "run_bills_due" }) as const,
    atMs: NOON_MS + days * DAY_MS,
    by: "time",
  }) as const;
const linking = given(() => startLink());
const linkedUp = given(() => hearLink(linked()));
const unlinking = given(() => ({ type: "unlink", link: linkId(1) }) as const);
const charging = given(({ attempt }) => payLinked(1, Math.max(attempt, 1)));
const automatic = given(() => autoTopUp());
const linkMinutes = (n: number) =>
  ({
    command: () => ({ type: "run_link_due", link: linkId(1) }) as const,
    atMs: NOON_MS + n * MINUTE_MS,
    by: "time",
  }) as const;
const paidWithCoupon = [opened, rich, placed, withCoupon, pay];

/** Trial money, and a resource that runs on it. */
const trial = given(() => setPocWallet(500_000, NOON_MS + 20 * DAY_MS));
const payOnPoc = given(({ attempt }) => ({
  ...payOrder({ method: "poc", product: vserver }),
  payment: `pay_${attempt}` as PaymentId,
}));
const trialling = [opened, trial, given(() => placeOrder([server()])), payOnPoc];
const tried = [...trialling, delivered("1.1")];
/** The wallet ends later than what runs on it, so that one thing is due at a time. */
const extended = given(() => setPocWallet(600_000, NOON_MS + 60 * DAY_MS));
const triedImage = [
  ...[opened, trial, given(() => placeOrder([itemOf("image", { "image-gb": 1 }, { period: null })]))],
  ...[payOnPoc, delivered("1.1")],
];
const toHold = given(() =>
  placeOrder([itemOf("image", {}, { resource: RESOURCE, period: null })], {
    action: "convert_poc",
    order: SECOND,
  }),
);
const holdSecond = given(({ attempt }) => ({
  ...payOrder({ order: SECOND, method: "hold" }),
  payment: `pay_${attempt}2` as PaymentId,
}));
const stopped = given(() => ({ type: "stop_poc", resource: RESOURCE }) as const);
const pocDue = (days: number) =>
  ({ command: () => ({ type: "run_poc_due" }) as const, atMs: NOON_MS + days * DAY_MS, by: "time" }) as const;

type Scenarios = {
  readonly [T in Command["type"]]: readonly Scenario<Step<Extract<Command, { type: T }>>>[];
};

/** Every command that exists. One that is missing here doesn't compile; being listed is all it takes. */
const SCENARIOS: Scenarios = {
  configure_account: [
    scenario("opening an account", [], opened, SET),
    scenario("changing an account", [opened], opening("Anh"), SET),
  ],
  add_recipient: [scenario("asking a recipient", [opened], asked)],
  confirm_recipient: [scenario("a recipient who says yes", [opened, asked], confirmed, SET)],
  remove_recipient: [
    scenario("removing a recipient", [opened, asked, confirmed], removed),
    scenario("removing nobody", [opened], removed),
  ],
  add_invoice_address: [scenario("adding an invoice address", [opened], addressed())],
  set_default_invoice_address: [
    scenario(
      "making an invoice address the default",
      [opened, addressed(), addressed(OTHER_ADDRESS)],
      given(() => ({ type: "set_default_invoice_address", address: OTHER_ADDRESS })),
      SET,
    ),
  ],
  remove_invoice_address: [
    scenario(
      "removing an invoice address",
      [opened, addressed(), addressed(OTHER_ADDRESS)],
      given(() => ({ type: "remove_invoice_address", address: OTHER_ADDRESS })),
    ),
    scenario(
      "removing the default invoice address",
      [opened, addressed()],
      given(() => ({ type: "remove_invoice_address", address: ADDRESS })),
      NOT_KEPT,
    ),
  ],
  grant_credit: [
    scenario("giving credit", [opened], grant(500)),
    scenario("taking credit back", [opened, rich], grant(-500)),
    scenario("a grant that is refused", [opened], grant(0)),
  ],
  set_poc_wallet: [
    scenario("granting trial money", [opened], trial, SET),
    scenario(
      "taking trial money back that is used",
      tried,
      given(() => setPocWallet(1, NOON_MS + 20 * DAY_MS)),
      SET,
    ),
  ],
  stop_poc: [scenario("ending a trial", tried, stopped)],
  run_poc_due: [
    scenario("a notice of the wallet's end", [opened, trial], pocDue(13)),
    scenario("the wallet's end", [opened, trial], pocDue(20)),
  ],
  place_order: [
    scenario(
      "placing an order",
      [opened],
      given(({ attempt }) => placeOrder([server()], { order: orderId(`ord_${attempt}`) })),
    ),
  ],
  change_order: [scenario("giving an order a coupon", [opened, placed], withCoupon, SET)],
  open_checkout: [
    scenario(
      "following a checkout link",
      [opened, placed],
      given(() => openCheckout(0)),
      ONCE,
    ),
    scenario(
      "following it again",
      [opened, placed, given(() => openCheckout(0))],
      given(() => openCheckout(0)),
      NOT_KEPT,
    ),
  ],
  pay_order: [
    scenario("paying an order", [opened, rich, placed], pay),
    scenario("paying an order with a coupon", [opened, rich, placed, withCoupon], pay, { couponLimit: 1 }),
    scenario("renewing a resource", [...active, laterOrder("renew", {})], paySecond),
    scenario("resizing a resource", [...active, laterOrder("resize", { general: 1 })], paySecond),
    scenario("paying from the POC wallet", [opened, trial, given(() => placeOrder([server()]))], payOnPoc),
    scenario("converting a trial", [...tried, rich, laterOrder("convert_poc", {})], paySecond),
    scenario("converting a trial to hold", [...triedImage, rich, toHold], holdSecond),
    scenario("paying from a linked account", [opened, placed, linking, linkedUp], charging),
    scenario("paying without enough credit", [opened, placed], pay),
    scenario("paying with a coupon that is used up", [opened, rich, placed, withCoupon], pay, {
      couponLimit: 0,
    }),
  ],
  cancel_order: [scenario("cancelling an order", [opened, placed], cancel)],
  answer_provisioning: [
    scenario("a line that was delivered", paidWithCoupon, delivered("1.1"), { couponLimit: 1 }),
    scenario("the last line failing", [...paidWithCoupon, notDelivered("1.1")], notDelivered("1.2"), {
      couponLimit: 1,
    }),
    scenario(
      "a resize to less that was delivered",
      [...active, laterOrder("resize", { licence: 1 }), paySecond],
      given(() => ({ ...succeeded("2.1"), resource: RESOURCE })),
    ),
    scenario("a trial that fails", trialling, notDelivered("1.1")),
    scenario(
      "a conversion that fails",
      [...tried, rich, laterOrder("convert_poc", {}), paySecond],
      given(() => ({ ...failed("2.1"), resource: RESOURCE })),
    ),
    scenario(
      "a conversion to hold that fails",
      [...triedImage, rich, toHold, holdSecond],
      given(() => ({ ...failed("2.1"), resource: RESOURCE })),
    ),
    scenario("a delivery that comes too late", paid, later(25, delivered("1.1")), NOT_KEPT),
  ],
  delete_resource: [scenario("deleting a resource", active, remove)],
  set_power: [
    scenario(
      "stopping a resource",
      active,
      given(() => ({ type: "set_power", resource: RESOURCE, state: "stopped" })),
    ),
  ],
  set_auto_renew: [scenario("turning auto-renewal on", active, autoRenewed, SET)],
  set_tags: [
    scenario(
      "tagging a resource",
      active,
      given(() => ({ type: "set_tags", resource: RESOURCE, tags: { team: "a" } })),
      SET,
    ),
  ],
  run_resource_due: [
    // Alone: when time does it, its customer is told in the same run.
    scenario("a month that closes", used, { ...closing, by: "caller" }, ONCE),
    scenario("a reminder", alone, due(24)),
    scenario("a renewal", [...alone, autoRenewed], due(24)),
    scenario("a restriction", alone, due(31)),
    scenario("the end of a trial", [...tried, extended], due(20)),
    scenario("the end of a metered trial", [...triedImage, extended], due(20)),
  ],
  start_top_up: [
    scenario(
      "buying credit",
      [opened],
      given(({ attempt }) => topUp(200_000, attempt)),
    ),
    scenario(
      "buying credit where no gateway is",
      [opened],
      given(() => topUp(200_000, 1, null)),
    ),
  ],
  record_creation: [
    scenario(
      "a gateway beginning",
      [opened, bought],
      given(() => ({
        type: "record_creation",
        attempt: FIRST,
        outcome: { kind: "created", redirectUrl: "https://pay.example/1", createdAs: null },
      })),
    ),
    scenario(
      "a gateway refusing to begin",
      [opened, little, placed, toppingUp],
      given(() => ({
        type: "record_creation",
        attempt: FIRST,
        outcome: { kind: "failed", reason: "declined" },
      })),
    ),
  ],
  hear_gateway: [
    scenario("money that settles an order", [opened, little, placed, toppingUp], arrived),
    scenario(
      "money that settles an order with a coupon",
      [opened, little, placed, withCoupon, toppingUp],
      said(heard(success(), { amount: 70_000 })),
      { couponLimit: 1 },
    ),
    scenario(
      "money for an order whose coupon is used up",
      [opened, little, placed, withCoupon, toppingUp, cancel],
      said(heard(success(), { amount: 70_000 })),
      { couponLimit: 1 },
    ),
    scenario("money for credit", [opened, bought], said(heard(success(), { amount: 200_000 }))),
    scenario(
      "a charge whose linked account is gone",
      [opened, placed, linking, linkedUp, charging],
      said(heard({ kind: "failed", reason: "link_gone" })),
    ),
    scenario(
      "a charge that settles an order",
      [opened, placed, linking, linkedUp, charging],
      said(heard(success(), { amount: 180_000, source: "query" })),
    ),
    scenario("a payment that failed", [opened, little, placed, toppingUp], said(heard(refusal))),
    scenario("money of another amount", [opened, bought], said(heard(success(), { amount: 200_001 }))),
  ],
  run_attempt_due: [
    scenario("a gateway being asked", [opened, bought], minutes(1)),
    scenario("an attempt letting go", [opened, little, placed, toppingUp, minutes(29)], minutes(30)),
  ],
  pay_bills: [
    scenario("paying a bill", [...billed, rich], payBill()),
    scenario("paying a part of a bill", [...billed, rich], payBill(1_000)),
    scenario("a bill that credit doesn't cover", billed, payBill()),
  ],
  record_outside_payment: [
    scenario(
      "money for a bill that came another way",
      billed,
      afterClose(() => ({
        ...{ type: "record_outside_payment" as const, payment: "pay_out_1" as PaymentId, bill: BILL },
        ...{ amount: money(1_000), reference: "FT1" },
      })),
      ONCE,
    ),
  ],
  run_bills_due: [
    scenario("a bill paid by itself", [...billed, rich], billsDueIn(22)),
    scenario("a reminder of a bill", [...billed, billsDueIn(36.2)], billsDueIn(36.4)),
  ],
  start_link: [
    scenario(
      "linking an account",
      [opened],
      given(({ attempt }) => startLink(attempt)),
    ),
    scenario(
      "linking an account where none can be linked",
      [opened],
      given(() => startLink(1, null)),
    ),
  ],
  hear_link: [
    scenario("an account that is linked", [opened, linking], linkedUp, SET),
    scenario(
      "an account that is linked while bills are open",
      [...billed, afterClose(linking.command)],
      afterClose(linkedUp.command),
      SET,
    ),
    scenario(
      "a link that was agreed to",
      [opened, linking],
      given(() => hearLink({ kind: "decided", grant: sealed("g") })),
      SET,
    ),
    scenario(
      "a link that was refused",
      [opened, linking],
      given(() => hearLink({ kind: "failed", reason: "cancelled" })),
      SET,
    ),
  ],
  choose_link: [
    scenario(
      "choosing a linked account",
      [opened, linking, linkedUp, given(() => startLink(2)), given(() => hearLink(linked(2), 2))],
      given(() => ({ type: "choose_link", link: linkId(2) })),
      SET,
    ),
  ],
  unlink: [scenario("ending a link", [opened, linking, linkedUp], unlinking, ONCE)],
  hear_unlink: [
    scenario(
      "a gateway that was told of a link's end",
      [opened, linking, linkedUp, unlinking],
      given(() => ({ type: "hear_unlink", link: linkId(1), isDone: true })),
      SET,
    ),
  ],
  reseal_link: [
    scenario(
      "a token being sealed anew",
      [opened, linking, linkedUp],
      given(() => ({
        type: "reseal_link",
        ...{ link: linkId(1), before: sealed("token 1"), token: sealed("anew") },
      })),
      SET,
    ),
  ],
  set_auto_top_up: [
    scenario("turning automatic top-up on", [opened, linking, linkedUp], automatic, SET),
    scenario(
      "turning it off",
      [opened, linking, linkedUp, automatic],
      given(() => noAutoTopUp),
      SET,
    ),
  ],
  run_auto_top_up: [
    scenario("credit that is low", [opened, linking, linkedUp, automatic], {
      command: () => ({ type: "run_auto_top_up" }) as const,
      atMs: NOON_MS,
      by: "time",
    }),
  ],
  begin_auto_top_up: [
    scenario(
      "an automatic charge",
      [opened, linking, linkedUp, automatic],
      given(({ attempt }) => beginAutoTopUp(attempt)),
    ),
  ],
  set_budget: [
    scenario("a budget that is reached already", active, budgeting(), SET),
    scenario("a budget whose alerts somebody is asked about", active, budgeting(true), SET),
    scenario(
      "a budget no more",
      [opened, budgeting()],
      given(() => ({ type: "set_budget" as const, settings: null })),
      SET,
    ),
  ],
  run_budget_due: [
    // Midnight comes five hours after noon; an hour before, the index of what is due was brought up to date.
    scenario("use that reaches a budget", [...used, budgeting(), budgetDueIn(4)], budgetDueIn(5)),
  ],
  run_link_due: [
    scenario("a link being asked about", [opened, linking], linkMinutes(1)),
    scenario("a gateway being told of a link's end", [opened, linking, linkedUp, unlinking], linkMinutes(1)),
  ],
  deposit_callback: [
    scenario(
      "money becoming a deposit",
      [opened],
      given(() => ({ type: "deposit_callback", callback: filed })),
    ),
  ],
  share_order: [
    scenario("asking somebody to pay", [opened, placed], sharing),
    scenario("asking somebody else instead", [opened, placed, sharing], sharing),
    scenario("asking somebody to pay what is paid", paid, sharing, NOT_KEPT),
  ],
  unshare_order: [
    scenario(
      "taking a link back",
      [opened, placed, sharing],
      given(() => ({ type: "unshare_order", order: ORDER })),
      SET,
    ),
  ],
  start_refund: [
    scenario("sending money back", captured, sendingBack),
    scenario("sending back more than is available", [...captured, grant(-180_000)], sendingBack),
    scenario(
      "sending back more than was paid",
      [...captured, rich],
      given(() => startRefund(200_001)),
      NOT_KEPT,
    ),
  ],
  hear_refund: [
    scenario(
      "money that was sent back",
      [...captured, sendingBack],
      given(() => hearRefund(refunded, 0)),
      ONCE,
    ),
    scenario(
      "money that wasn't taken back",
      [...captured, sendingBack],
      given(() => hearRefund({ kind: "failed", reason: "not_refundable" }, 0)),
    ),
  ],
  run_refund_due: [
    scenario("a gateway being asked about a refund", [...captured, sendingBack], {
      command: () => ({ type: "run_refund_due", refund: refundId(0) }),
      atMs: NOON_MS + MINUTE_MS,
      by: "time",
    }),
  ],
  run_order_due: [
    scenario("an alert about a silent console", paid, overdue(1)),
    scenario("a refund for a silent console", [...paidWithCoupon, overdue(1)], overdue(24), {
      couponLimit: 1,
    }),
  ],
};

export const scenarios: readonly Scenario[] = [
  ...Object.values<readonly Scenario[]>(SCENARIOS).flat(),
  ...METERED,
];
