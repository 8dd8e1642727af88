import { MONTH_MINUTES, minutesBetween } from "../../../src/domain/calendar.ts";
import type { Product } from "../../../src/domain/catalogue.ts";
import { violations } from "../../../src/domain/invariants.ts";
import { balanceOf } from "../../../src/domain/ledger.ts";
import type { Period } from "../../../src/domain/order.ts";
import type { Resource } from "../../../src/domain/resource.ts";
import {
  orderFor,
  payOrder,
  placeOrder,
  RESOURCE,
  setPocWallet,
  succeeded,
  succeededFor,
} from "../commands.ts";
import { ADMIN, carryOut, type MemoryState } from "../memory-state.ts";
import { instant, itemOf, SAIGON, vserver } from "../samples.ts";

/** A wallet that is granted on 6 March ends 20 days later, where 30 days of `general` cost 181 000. */
export const GRANTED = instant("2023-03-06T10:00");
export const END = instant("2023-03-26T10:00");
export const AMOUNT = 500_000;

export const asAdmin = (nowMs: number) => ({ nowMs, caller: ADMIN });

/** What a month's price comes to from an instant up to another, by the calendar alone. */
export const priceOf = (monthly: number, fromMs: number, toMs: number): number =>
  Math.floor((monthly * minutesBetween(fromMs, toMs, SAIGON)) / MONTH_MINUTES + 0.5);

export const grant = (state: MemoryState, amount = AMOUNT, endMs = END, nowMs = GRANTED) =>
  carryOut(state, setPocWallet(amount, endMs), asAdmin(nowMs)).answer;

export const payOnPoc = (order = "ord_1", product: Product = vserver) =>
  payOrder({ order, method: "poc", product });

/** A server that was ordered for a month and is had on trial money instead, delivered at once. */
export function tried(state: MemoryState, nowMs = GRANTED, sku = "general"): Resource {
  carryOut(state, placeOrder([itemOf("server", { [sku]: 1 })]), nowMs);
  carryOut(state, payOnPoc(), nowMs);
  carryOut(state, succeeded(), nowMs);
  return resourceOf(state);
}

export function resourceOf(state: MemoryState, id: string = RESOURCE): Resource {
  const resource = state.resource(id as Resource["id"]);
  if (!resource) throw new Error(`there is no ${id}`);
  return resource;
}

/** Something is ordered for the tried server, by `ord_2`, and paid. */
export function orderAndPay(
  state: MemoryState,
  action: "renew" | "resize" | "recover" | "convert_poc",
  of: {
    method?: "poc" | "credit";
    configuration?: Record<string, number>;
    period?: Period | null;
    nowMs: number;
  },
) {
  const { method = "poc", configuration, period, nowMs } = of;
  carryOut(
    state,
    orderFor(action, {
      ...(configuration ? { configuration } : {}),
      ...(period === undefined ? {} : { period }),
    }),
    nowMs,
  );
  return carryOut(state, payOrder({ order: "ord_2", method, product: vserver }), nowMs).answer;
}

export const delivered = (state: MemoryState, nowMs: number) => carryOut(state, succeededFor("2.1"), nowMs);

/** What is in the wallet, was put aside at its end, is used, and what credit there is; the books must be sound. */
export function money(state: MemoryState) {
  const problems = violations(state.books());
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const { balances } = state;
  return {
    poc: balanceOf(balances, "poc"),
    expired: balanceOf(balances, "poc_expired"),
    credit: balanceOf(balances, "credit_available"),
    trials: balanceOf(balances, "trials"),
    waiting: balanceOf(balances, "undelivered"),
  };
}
