import type { InvoiceCode, PaymentId, SkuId } from "../../src/domain/ids.ts";
import { HOUR_MS } from "../../src/domain/local-time.ts";
import type { UsageEvent } from "../../src/domain/metering/usage-event.ts";
import { heard, success } from "../domain/attempts/attempts.ts";
import {
  deleteResource,
  failedFor,
  payOrder,
  placeOrder,
  runResourceDue,
  succeededFor,
} from "../domain/commands.ts";
import { itemOf } from "../domain/samples.ts";
import { productOf, VSERVER } from "../support/catalogue.ts";
import {
  type Given,
  given,
  later,
  NOON_MS,
  ONCE,
  type Report,
  type Scenario,
  SET,
  type Step,
  scenario,
} from "./scenario.ts";
import {
  bought,
  delivered,
  grant,
  notDelivered,
  opened,
  postpaid,
  RESOURCE,
  rich,
  SECOND,
  said,
} from "./steps.ts";

/** What the two nodes of the balancer cost a day; three days are held. */
const DAY = 2_880;
const product = productOf(VSERVER);
const balancer = (nodes: number) => ({ node: nodes, "cache-gb": 0, "traffic-gb": 0 });
const NEW = { period: null, name: "lb" } as const;

const placed = given(() => placeOrder([itemOf("balancer", balancer(2), NEW)], { product }));
const hold = given(({ attempt }) => ({
  ...payOrder({ method: "hold" }),
  payment: `pay_${attempt}` as PaymentId,
}));
const resizing = (nodes: number) =>
  given(() =>
    placeOrder([itemOf("balancer", balancer(nodes), { resource: RESOURCE, period: null })], {
      ...{ action: "resize", order: SECOND, product },
    }),
  );
const holdSecond = given(({ attempt }) => ({
  ...payOrder({ order: SECOND, method: "hold" }),
  payment: `pay_${attempt}2` as PaymentId,
}));
const due = (hours: number) =>
  later(hours, { ...given(() => runResourceDue(RESOURCE, product)), by: "time" });
const remove = given(() => deleteResource(RESOURCE));

let named = 0;

/** Something that was used so many hours after noon. */
function event(sku: string, hours: number, quantity: string, key: string | null = null): UsageEvent {
  named += 1;
  const atMs = NOON_MS + hours * HOUR_MS;
  return { id: `evt-${named}`, resource: RESOURCE, sku: sku as SkuId, key, quantity, atMs };
}

const reported = (hours: number, events: readonly UsageEvent[]): Report => ({
  ...{ events, atMs: NOON_MS + hours * HOUR_MS, by: "console" },
});

const ordered: readonly Step[] = [placed, hold, delivered("1.1")];
/** Credit is held for a balancer that is in service from so many hours after noon on. */
const heldFrom = (hours: number, credit = rich): Given[] => [
  ...[opened, credit],
  ...ordered.map((step) => later(hours, step)),
];
const held = heldFrom(0);
const used = reported(1, [event("traffic-gb", 0.5, "2.5", "a"), event("cache-gb", 0.5, "3")]);
const usedAgain = reported(1, [...used.events, event("traffic-gb", 0.75, "1.000000001", "b")]);

/** It is 19:00 in Saigon at noon: midnights come 5 hours later, and on the second there was too little twice. */
const MIDNIGHT = 5;
const short = [...heldFrom(0, grant(3 * DAY)), due(MIDNIGHT + 24)];
const suspended = [...short, due(MIDNIGHT + 48)];

/** The evening of the 30th; the month is closed at 02:00 on the first, after midnight's run, and the next one so long after. */
const EVE = 20 * 24;
const CLOSE = EVE + 24 + 7;
const NEXT_CLOSE = CLOSE + 29 * 24;
const usedInMonth = reported(EVE + 1, [
  event("traffic-gb", EVE + 0.5, "5.5"),
  event("cache-gb", EVE + 0.5, "30"),
]);
const ending = [...heldFrom(EVE), usedInMonth, due(CLOSE - 1)];
/** Told after the close: there was more traffic before it, and the cache was empty from midnight on. */
const late = reported(CLOSE + 12, [event("traffic-gb", CLOSE - 5, "7"), event("traffic-gb", CLOSE + 1, "1")]);
const less = reported(CLOSE + 12, [event("cache-gb", EVE + 2, "0")]);
const BILL = "204002-7QK-1" as InvoiceCode;
const payBill = later(
  CLOSE + 1,
  given(() => ({
    ...{ type: "pay_bills" as const, bills: [BILL], amount: null, method: "credit" as const },
    payment: "pay_bill" as PaymentId,
  })),
);
/** Bills are looked at, and there is none to be paid. */
const morning = due(CLOSE + 8);
const postpaidBalancer = [postpaid, rich, later(EVE, placed), later(EVE, delivered("1.1"))];
const toPostpaid = { ...postpaid, atMs: NOON_MS + (EVE + 3) * HOUR_MS };

/** What meters and holds add: reports to the account's usage object, and commands that ask it or hold credit. */
export const METERED: readonly Scenario[] = [
  scenario("use that is reported", held, used, ONCE),
  scenario("use that is reported with some that was before", [...held, used], usedAgain, ONCE),

  scenario("paying by hold", [opened, rich, placed], hold),
  scenario("paying by hold without enough credit", [opened, placed], hold),
  scenario("a balancer that isn't delivered", [opened, rich, placed, hold], notDelivered("1.1")),

  scenario("asking what a resize would hold", [...held, used], later(2, resizing(3))),
  scenario("holding for a resize", [...held, used, later(2, resizing(3))], later(2, holdSecond)),
  scenario(
    "a resize to less that lets credit go",
    [...heldFrom(0), used, later(2, resizing(1)), later(2, holdSecond)],
    later(
      3,
      given(() => succeededFor("2.1")),
    ),
  ),
  scenario(
    "a held resize that fails",
    [...held, used, later(2, resizing(3)), later(2, holdSecond)],
    later(
      3,
      given(() => failedFor("2.1")),
    ),
  ),
  scenario("deleting what credit is held for", [...held, used], later(2, remove)),

  scenario("a day's use being held for", [...held, used, due(MIDNIGHT - 1)], due(MIDNIGHT)),
  scenario("a suspension for want of credit", short, due(MIDNIGHT + 48)),
  scenario("credit that lets it run again", suspended, later(54, rich)),
  scenario(
    "a deposit that lets it run again",
    [...suspended, later(54, bought)],
    later(54, said(heard(success(), { amount: 200_000 }))),
  ),
  scenario("an account that is paid by the month while it is suspended", suspended, later(54, postpaid), SET),

  scenario("a month that is captured", ending, due(CLOSE)),
  scenario(
    "a month that is captured, and paid by the month from then on",
    [...ending.slice(0, -1), toPostpaid, due(CLOSE - 1)],
    due(CLOSE),
  ),
  scenario(
    "late use that is captured with the next month",
    [...ending, due(CLOSE), later(CLOSE + 10, remove), late],
    due(NEXT_CLOSE),
  ),
  scenario(
    "late use that makes a bill smaller",
    [...postpaidBalancer, usedInMonth, later(CLOSE - 3, remove), due(CLOSE), payBill, morning, less],
    due(NEXT_CLOSE),
  ),
];
