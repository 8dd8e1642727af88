import type { Command } from "../../src/domain/decide.ts";
import type { AccountId, CouponCode, PaymentId } from "../../src/domain/ids.ts";
import { HOUR_MS } from "../../src/domain/local-time.ts";
import {
  cancelOrder,
  changeOrder,
  failed,
  grantCredit,
  openCheckout,
  payOrder,
  placeOrder,
  runOrderDue,
  succeeded,
} from "../domain/commands.ts";
import { accountOf, amountOff, itemOf, orderId } from "../domain/samples.ts";

/** The instant at which commands are given unless a step says otherwise: far from any that the real clock shows. */
const NOON_MS = Date.UTC(2040, 0, 10, 12);

/** Whose account it is. Requests that are sent again name what they create anew, as the worker does: by `attempt`. */
export interface Subject {
  readonly account: AccountId;
  readonly coupon: CouponCode;
  readonly attempt: number;
}

/** A command and when it is given. Time gives a command by running what is due. */
export interface Step<C extends Command = Command> {
  readonly command: (of: Subject) => C;
  readonly atMs: number;
  readonly by: "caller" | "time";
}

export interface Scenario<C extends Command = Command> {
  readonly title: string;
  /** What was done before; an account that was never opened has none of it. */
  readonly before: readonly Step[];
  readonly request: Step<C>;
  /** Requests that set what they name carry no idempotency key. */
  readonly isKeyed: boolean;
  /** Done again, it has its effect again: it carries no key, or its answer isn't kept. */
  readonly repeats: boolean;
  /** How often the coupon may be used, where there is one. */
  readonly couponLimit: number | null;
}

const given = <C extends Command>(command: (of: Subject) => C): Step<C> => ({
  command,
  atMs: NOON_MS,
  by: "caller",
});

/** So many hours later. */
const later = <C extends Command>(hours: number, step: Step<C>): Step<C> => ({
  ...step,
  atMs: NOON_MS + hours * HOUR_MS,
});

const scenario = <C extends Command>(
  title: string,
  before: readonly Step[],
  request: Step<C>,
  more: Partial<Pick<Scenario, "isKeyed" | "repeats" | "couponLimit">> = {},
): Scenario<C> => ({ title, before, request, isKeyed: true, repeats: false, couponLimit: null, ...more });

const SET = { isKeyed: false, repeats: true };
/** What a refusal of the present state is: asked for again, it is decided again. */
const NOT_KEPT = { repeats: true };

const opening = (name: string) =>
  given(({ account: id }) => {
    const { createdAtMs: _, ...account } = accountOf({ id, name, email: `${id}@example.com` });
    return { type: "configure_account", account };
  });
const opened = opening("An");
const grant = (amount: number) => given(({ attempt }) => grantCredit(amount, `grant_${attempt}`));
const rich = grant(1_000_000);
const server = (quantity = 1) => itemOf("server", { small: 1 }, { quantity });
const placed = given(() => placeOrder([server(2)]));
const withCoupon = given(({ coupon: code }) => changeOrder({ coupon: amountOff(10_000, { code }) }));
const pay = given(({ attempt }) => ({ ...payOrder(), payment: `pay_${attempt}` as PaymentId }));
const cancel = given(() => cancelOrder());
const delivered = (line: string) => given(() => succeeded(line));
const notDelivered = (line: string) => given(() => failed(line));
const overdue = (hours: number) => later(hours, { ...given(() => runOrderDue()), by: "time" } as const);
const paid = [opened, rich, placed, pay];
const paidWithCoupon = [opened, rich, placed, withCoupon, pay];

type Scenarios = { readonly [T in Command["type"]]: readonly Scenario<Extract<Command, { type: T }>>[] };

/** Every command that exists. One that is missing here doesn't compile; being listed is all it takes. */
const SCENARIOS: Scenarios = {
  configure_account: [
    scenario("opening an account", [], opened, SET),
    scenario("changing an account", [opened], opening("Anh"), SET),
  ],
  grant_credit: [
    scenario("giving credit", [opened], grant(500)),
    scenario("taking credit back", [opened, rich], grant(-500)),
    scenario("a grant that is refused", [opened], grant(0)),
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
      SET,
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
    scenario("a delivery that comes too late", paid, later(25, delivered("1.1")), NOT_KEPT),
  ],
  run_order_due: [
    scenario("an alert about a silent console", paid, overdue(1)),
    scenario("a refund for a silent console", [...paidWithCoupon, overdue(1)], overdue(24), {
      couponLimit: 1,
    }),
  ],
};

export const scenarios: readonly Scenario[] = Object.values<readonly Scenario[]>(SCENARIOS).flat();
