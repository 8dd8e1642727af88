import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CouponCode } from "../../src/domain/ids.ts";
import { sum } from "../../src/domain/money.ts";
import { deleteResource, RESOURCE } from "../domain/commands.ts";
import { Life } from "../domain/life.ts";
import { amountOff, instant, percentOff } from "../domain/samples.ts";

const DAY_MS = 86_400_000;
const GRANTED = 50_000_000;

const COUPONS = [
  undefined,
  amountOff(33_333),
  percentOff("12.5", null, { code: "EIGHTH" as CouponCode }),
  percentOff("100", 150_000, { code: "ALL" as CouponCode }),
];
const CONFIGURATIONS = [
  { general: 1 },
  { small: 1, licence: 7 },
  { disk: 3, licence: 11 },
  { licence: 1 },
  { big: 2, small: 1 },
];

const links = fc.array(
  fc.record({
    kind: fc.constantFrom("renew" as const, "resize" as const, "match" as const),
    pick: fc.nat(4),
    coupon: fc.constantFrom(...COUPONS),
    afterMs: fc.nat(25 * DAY_MS),
  }),
  { maxLength: 8 },
);

/** A server that is bought, renewed, resized and matched at random, and deleted in the end; `look` sees every state. */
const chains = (look: (life: Life) => void) =>
  fc.property(links, fc.constantFrom(...COUPONS), fc.nat(20 * DAY_MS), (chain, coupon, lastMs) => {
    const life = new Life({ credit: GRANTED });
    life.order("create", {
      configuration: { general: 1, licence: 3 },
      period: { months: 3 },
      ...(coupon ? { coupon } : {}),
    });
    for (const { kind, pick, coupon: other, afterMs } of chain) {
      life.nowMs += afterMs;
      const used = other ? { coupon: other } : {};
      const endAtMs = (life.resource().endAtMs ?? 0) + (pick + 1) * DAY_MS + 12_345_000;
      if (kind === "renew") life.order("renew", used);
      else if (kind === "match") life.order("match_end_time", { ...used, period: { endAtMs } });
      else life.order("resize", { configuration: CONFIGURATIONS[pick] ?? {} });
      look(life);
    }
    life.nowMs += lastMs;
    life.give(deleteResource());
    look(life);
  });

describe("14: tax per line against tax of the sum: credit notes total more than the invoice", () => {
  test("over any chain of renewals, resizes and deletion each is within its invoice, charge by charge", () => {
    const documented = { notes: 0 };
    fc.assert(
      chains(({ state }) => {
        for (const note of state.creditNotes) {
          documented.notes += 1;
          const invoice = state.invoice(note.invoice);
          if (!invoice) throw new Error(`${note.code} corrects nothing`);
          expect(state.creditNotes.filter((other) => other.invoice === note.invoice)).toHaveLength(1);
          expect(note.total).toBeLessThanOrEqual(invoice.total);
          expect(note.tax).toBeLessThanOrEqual(invoice.tax);
          expect(note.tax).toBe(sum(note.lines.map(({ tax }) => tax)));
          expect(note.total).toBe(sum(note.lines.map(({ gross, discount }) => (gross - discount) as never)));
          for (const [index, charge] of note.lines.entries()) {
            const charged = invoice.lines[index];
            expect(charge.taxRate).toBe(charged?.taxRate);
            expect(charge.gross).toBeLessThanOrEqual(charged?.gross ?? 0);
            expect(charge.tax).toBeLessThanOrEqual(charged?.tax ?? 0);
            expect(sum(charge.items.map(({ amount }) => amount))).toBe(charge.gross);
          }
        }
      }),
    );
    expect(documented.notes).toBeGreaterThan(100);
  });
});

describe("15: the upgrade day is billed on both configurations", () => {
  test("what is billed for the old and the new one adds up to the time there was, to the minute", () => {
    const life = new Life({ at: "2023-03-06T00:00", credit: GRANTED });
    life.order("create", { configuration: { general: 1 }, period: { months: 3 } });
    life.nowMs = instant("2023-04-16T13:37:59");
    life.order("resize", { configuration: { big: 1 } });
    const [old, renewed] = life.state.invoices;
    const [note] = life.state.creditNotes;
    expect(note?.period).toEqual(renewed?.period);
    expect(renewed?.period).toEqual({ startMs: instant("2023-04-16T13:37"), endMs: old?.period.endMs });
    const left = 50 * 1_440 - (13 * 60 + 37);
    expect(note?.total).toBe(Math.round((181_000 * left) / 43_200));
    expect(renewed?.total).toBe(Math.round((520_000 * left) / 43_200));
  });
});

describe("17: the refundable amount counts money that was promotional", () => {
  test("over any chain of coupons, renewals, resizes and deletion no more credit comes back than was paid", () => {
    const seen = { refunds: 0 };
    fc.assert(
      chains((life) => {
        const moved = life.state.creditHistory.filter(({ type }) => type !== "adjustment");
        const paid = -moved
          .filter(({ type }) => type === "purchase")
          .reduce((total, { amount }) => total + amount, 0);
        const back = moved
          .filter(({ type }) => type === "refund")
          .reduce((total, { amount }) => total + amount, 0);
        if (back > 0) seen.refunds += 1;
        expect(back).toBeLessThanOrEqual(paid);
        expect(life.available).toBe(GRANTED - paid + back);
      }),
    );
    expect(seen.refunds).toBeGreaterThan(20);
  });

  test("a server that a coupon paid in full gives nothing back, however it is deleted", () => {
    const life = new Life({ credit: GRANTED });
    life.order("create", { configuration: { general: 1 }, coupon: percentOff("100") });
    life.order("resize", { configuration: { small: 1 } });
    expect(life.must(deleteResource(RESOURCE)).refund).toBe(0);
    expect(life.available).toBe(GRANTED);
  });
});
