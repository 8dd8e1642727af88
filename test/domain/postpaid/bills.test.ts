import { describe, expect, test } from "vitest";
import type { PayBills } from "../../../src/domain/commands/pay-bills.ts";
import type { InvoiceCode, PaymentId } from "../../../src/domain/ids.ts";
import { violations } from "../../../src/domain/invariants.ts";
import { money } from "../../../src/domain/money.ts";
import { attemptId, heard, MOMO, refusal, success } from "../attempts/attempts.ts";
import { grantCredit, placeServer, RESOURCE } from "../commands.ts";
import type { Life } from "../life.ts";
import { ADMIN } from "../memory-state.ts";
import { accountOf, instant } from "../samples.ts";
import { confirm, postpaidLife } from "./life.ts";

const sound = ({ state }: Life) => expect(violations(state.books())).toEqual([]);

/** What a general server of 10 January on costs until its end, and in February. */
const JANUARY = 130_219;
const FEBRUARY = 168_933;

/** A server is used, and January's bill is there; there is so much credit. */
function billed(of: { credit?: number; suspendOverdueDays?: number } = {}): Life {
  const { credit = 0, suspendOverdueDays = null } = of;
  const life = postpaidLife({ at: "2027-01-10T10:00", account: { suspendOverdueDays } });
  confirm(life, "create");
  life.passTo("2027-02-01T03:00");
  if (credit > 0) life.must(grantCredit(credit));
  life.state.calls.length = 0;
  life.state.notices.length = 0;
  life.ran.length = 0;
  return life;
}

const codes = (life: Life) => life.state.invoices.map(({ code }) => code);

let payments = 0;
const payBills = (bills: readonly InvoiceCode[], more: Partial<PayBills> = {}): PayBills => {
  payments += 1;
  return {
    type: "pay_bills",
    ...{ bills, amount: null, method: "credit", payment: `pay_b${payments}` as PaymentId },
    ...more,
  };
};
const payAtMomo = (life: Life, method: "gateway" | "top_up_and_pay" = "gateway") => {
  const id = attemptId(1);
  return life.must(
    payBills(codes(life), {
      ...{ method, payment: id, at: { terms: MOMO, returnUrl: "https://billing.example/back" } },
    }),
  );
};
const outside = (life: Life, amount: number, reference = "FT1") =>
  ({
    type: "record_outside_payment",
    ...{ payment: `pay_out_${reference}` as PaymentId, bill: codes(life)[0] as InvoiceCode },
    ...{ amount: money(amount), reference },
  }) as const;

const statusOf = (life: Life) => life.state.invoices.map(({ status, paid }) => [status, paid]);

describe("a bill", () => {
  test("is paid from credit: in the books, on the bill, and in all histories", () => {
    const life = billed({ credit: 200_000 });
    const { payment } = life.must(payBills(codes(life)));
    expect(payment).toMatchObject({
      ...{ kind: "payment", method: "credit", status: "succeeded", amount: JANUARY, order: null },
      lines: [{ resource: RESOURCE, amount: JANUARY, invoice: codes(life)[0] }],
    });
    expect(statusOf(life)).toEqual([["paid", JANUARY]]);
    expect(life.state.balances).toMatchObject({ receivable: 0, credit_available: 200_000 - JANUARY });
    expect(life.state.creditHistory.at(-1)).toMatchObject({ type: "purchase", amount: -JANUARY });
    expect(life.state.notices).toMatchObject([
      { template: "bills_paid", amount: JANUARY, open: 0, isAutomatic: false },
    ]);
    sound(life);
  });

  test("is paid in parts, and once", () => {
    const life = billed({ credit: 1_000_000 });
    life.must(payBills(codes(life), { amount: money(30_000) }));
    expect(statusOf(life)).toEqual([["partially_paid", 30_000]]);
    expect(life.refusal(payBills(codes(life), { amount: money(JANUARY) }))).toEqual({
      code: "amount_exceeds_open",
    });
    life.must(payBills(codes(life)));
    expect(life.refusal(payBills(codes(life)))).toEqual({ code: "invoice_already_paid" });
    expect(life.available).toBe(1_000_000 - JANUARY);
    sound(life);
  });

  test("that credit doesn't cover stays as it is", () => {
    const life = billed({ credit: 30_219 });
    expect(life.refusal(payBills(codes(life)))).toEqual({
      ...{ code: "insufficient_credit", available: 30_219, missing: 100_000 },
    });
    expect(statusOf(life)).toEqual([["unpaid", 0]]);
  });

  test("that isn't there can't be paid, nor by a method that isn't offered", () => {
    const life = billed();
    expect(life.refusal(payBills(["209901-X-1" as InvoiceCode]))).toEqual({ code: "invoice_not_found" });
    expect(life.refusal(payBills(codes(life), { method: "poc" }))).toMatchObject({
      ...{ code: "method_not_available", path: "method" },
    });
    expect(life.refusal(payBills(codes(life), { method: "gateway" }))).toMatchObject({
      ...{ code: "method_not_available", path: "gateway" },
    });
  });
});

describe("a bill paid at a gateway", () => {
  test("is settled by the money alone, and the wallet stays as it is", () => {
    const life = billed({ credit: 50_000 });
    const { attempt } = payAtMomo(life);
    expect(attempt).toMatchObject({ amount: JANUARY, held: 0, pays: { kind: "bills" } });
    life.must(heard(success(), { amount: JANUARY }));
    expect(statusOf(life)).toEqual([["paid", JANUARY]]);
    expect(life.state.balances).toMatchObject({ "clearing:momo": -JANUARY, credit_available: 50_000 });
    expect([...life.state.payments.values()]).toMatchObject([
      { kind: "payment", status: "succeeded", gateway: "momo", amount: JANUARY },
    ]);
    // The same again changes nothing.
    life.must(heard(success(), { amount: JANUARY }));
    sound(life);
  });

  test("takes all credit and the rest from there, held until it is final", () => {
    const life = billed({ credit: 100_000 });
    payAtMomo(life, "top_up_and_pay");
    expect(life.state.balances).toMatchObject({ credit_available: 0, credit_held: 100_000 });
    sound(life);
    life.must(heard(success(), { amount: JANUARY - 100_000 }));
    expect(statusOf(life)).toEqual([["paid", JANUARY]]);
    expect(life.state.balances).toMatchObject({ credit_available: 0, credit_held: 0 });
    sound(life);
  });

  test("that fails, or ends unheard, gives back what was held", () => {
    for (const end of ["failed", "silence"] as const) {
      const life = billed({ credit: 100_000 });
      payAtMomo(life, "top_up_and_pay");
      if (end === "failed") life.must(heard(refusal, { amount: JANUARY - 100_000 }));
      else {
        life.nowMs += 31 * 60_000;
        life.must({ type: "run_attempt_due", attempt: attemptId(1) });
        life.must({ type: "run_attempt_due", attempt: attemptId(1) });
      }
      expect(life.state.balances).toMatchObject({ credit_available: 100_000, credit_held: 0 });
      expect(statusOf(life)).toEqual([["unpaid", 0]]);
      sound(life);
    }
  });

  test("and meanwhile another way is a deposit: it is paid once, and no money is lost (8)", () => {
    const life = billed({ credit: JANUARY });
    payAtMomo(life);
    life.must(payBills(codes(life)));
    life.must(heard(success(), { amount: JANUARY }));
    expect(statusOf(life)).toEqual([["paid", JANUARY]]);
    expect(life.available).toBe(JANUARY);
    expect(life.state.notices.at(-1)).toMatchObject({ template: "deposit_received", bills: codes(life) });
    sound(life);
  });

  test("lets go what an earlier attempt held", () => {
    const life = billed({ credit: 100_000 });
    payAtMomo(life, "top_up_and_pay");
    life.must(payBills(codes(life), { amount: money(90_000) }));
    expect(life.state.balances).toMatchObject({ credit_available: 10_000, credit_held: 0 });
    sound(life);
  });
});

describe("money that came another way", () => {
  test("is recorded once a reference, never more than is open", () => {
    const life = billed();
    life.must(outside(life, 100_000), ADMIN);
    life.must(outside(life, 100_000), ADMIN);
    expect(statusOf(life)).toEqual([["partially_paid", 100_000]]);
    expect(life.refusal(outside(life, 5), ADMIN)).toEqual({ code: "outside_payment_differs" });
    expect(life.refusal(outside(life, 30_220, "FT2"), ADMIN)).toEqual({ code: "amount_exceeds_open" });
    life.must(outside(life, 30_219, "FT2"), ADMIN);
    expect(statusOf(life)).toEqual([["paid", JANUARY]]);
    expect(life.state.balances).toMatchObject({ outside: -JANUARY, receivable: 0 });
    expect([...life.state.payments.values()]).toMatchObject([
      { method: "outside", reference: "FT1", gateway: null },
      { method: "outside", reference: "FT2" },
    ]);
    expect(life.state.creditHistory).toEqual([]);
    sound(life);
  });
});

describe("time", () => {
  test("tells of a month's bills in one mail", () => {
    const life = postpaidLife({ at: "2027-01-10T10:00" });
    confirm(life, "create");
    confirm(life, "create", { configuration: { small: 1 } });
    life.state.notices.length = 0;
    life.passTo("2027-02-01T03:00");
    expect(life.state.notices).toMatchObject([
      { template: "bills_issued", atMs: instant("2027-02-01T02:00"), bills: [{}, {}], moreBills: 0 },
    ]);
  });

  test("pays from credit each morning, the oldest bill first, in part where it doesn't suffice (13)", () => {
    const life = billed();
    life.passTo("2027-03-01T03:00");
    life.ran.length = 0;
    life.must(grantCredit(JANUARY + 1_000));
    life.passTo("2027-03-01T09:00");
    expect(life.ran).toEqual([[instant("2027-03-01T09:00"), "bills_paid", "bills"]]);
    expect(statusOf(life)).toEqual([
      ["paid", JANUARY],
      ["partially_paid", 1_000],
    ]);
    expect(life.available).toBe(0);
    expect(life.state.notices.at(-1)).toMatchObject({
      ...{ template: "bills_paid", isAutomatic: true, open: FEBRUARY - 1_000 },
      bills: [{ open: 0 }, { amount: 1_000, open: FEBRUARY - 1_000 }],
    });
    life.must(grantCredit(500_000));
    life.passTo("2027-03-02T09:00");
    expect(statusOf(life)).toEqual([
      ["paid", JANUARY],
      ["paid", FEBRUARY],
    ]);
    sound(life);
  });

  test("pays the smaller of two bills of one instant first", () => {
    const life = postpaidLife({ at: "2027-01-10T10:00" });
    confirm(life, "create");
    confirm(life, "create", { configuration: { small: 1 } });
    life.passTo("2027-02-01T03:00");
    life.must(grantCredit(70_000));
    life.passTo("2027-02-01T09:00");
    expect(statusOf(life)).toEqual([
      ["partially_paid", 70_000 - 64_750],
      ["paid", 64_750],
    ]);
  });

  test("leaves what is being paid at a gateway to that", () => {
    const life = billed({ credit: 50_000 });
    life.passTo("2027-02-01T08:50");
    payAtMomo(life);
    life.passTo("2027-02-01T09:00");
    expect(life.ran.at(-1)).toEqual([instant("2027-02-01T09:00"), "nothing", "bills"]);
    expect(life.available).toBe(50_000);
  });

  test("reminds when bills are due, 7 and 14 days later, and then nothing new is sold", () => {
    const life = billed();
    life.passTo("2027-03-01T01:00");
    expect(life.state.notices).toMatchObject([
      { template: "bills_overdue", days: 0, isRefused: false, atMs: instant("2027-02-16T02:00") },
      { template: "bills_overdue", days: 7, isRefused: false, atMs: instant("2027-02-23T02:00") },
    ]);
    expect(life.place("create", { configuration: { general: 1 }, period: null }).ok).toBe(true);
    life.passTo("2027-03-02T02:00");
    expect(life.state.notices.at(-1)).toMatchObject({ template: "bills_overdue", days: 14, isRefused: true });
    expect(life.refusal(placeServer({ period: null }))).toEqual({ code: "overdue" });
    expect(life.place("resize", { configuration: { big: 1 }, period: null })).toEqual({
      ...{ ok: false, error: { code: "overdue" } },
    });
    // Known failure 18: what was just paid is seen.
    life.must(grantCredit(900_000));
    life.must(payBills([codes(life)[0] as InvoiceCode]));
    expect(life.place("create", { configuration: { general: 1 }, period: null }).ok).toBe(true);
    sound(life);
  });

  test("suspends nothing without a policy", () => {
    const life = billed();
    life.passTo("2027-06-01T00:00");
    expect(life.resource().state).toBe("active");
  });

  test("suspends use by policy, which costs nothing until it is paid and runs again at once", () => {
    const life = billed({ suspendOverdueDays: 3 });
    life.passTo("2027-02-19T02:00");
    expect(life.ran.at(-1)).toEqual([instant("2027-02-19T02:00"), "suspended", "bills"]);
    expect(life.resource().state).toBe("suspended");
    expect(life.state.calls.map(({ type }) => type)).toEqual(["resource.suspend"]);
    expect(life.state.notices.at(-1)).toMatchObject({ template: "use_suspended" });
    expect(life.refusal(placeServer({ period: null }))).toEqual({ code: "overdue" });
    sound(life);
    life.passTo("2027-02-25T12:00");
    life.must(grantCredit(JANUARY));
    life.must(payBills(codes(life)));
    expect(life.resource().state).toBe("active");
    expect(life.state.calls.map(({ type }) => type)).toEqual(["resource.suspend", "resource.resume"]);
    expect(life.state.notices.at(-1)).toMatchObject({ template: "bills_paid", isResumed: true });
    life.passTo("2027-03-01T03:00");
    expect(life.state.invoices[1]?.lines.map(({ period }) => period)).toEqual([
      { startMs: instant("2027-02-01"), endMs: instant("2027-02-19T02:00") },
      { startMs: instant("2027-02-25T12:00"), endMs: instant("2027-03-01") },
    ]);
    sound(life);
  });

  test("invoices nothing of a month that was suspended from its first to its last minute", () => {
    const life = billed({ suspendOverdueDays: 1 });
    life.passTo("2027-05-01T03:00");
    expect(life.state.invoices).toHaveLength(2);
    expect(life.resource()).toMatchObject({ state: "suspended", segments: [{ isPaused: true }] });
    sound(life);
  });

  test("resumes what a policy suspended that is taken back", () => {
    const life = billed({ suspendOverdueDays: 3 });
    life.passTo("2027-02-20T02:00");
    const account = accountOf({ billingMode: "postpaid" });
    life.must({ type: "configure_account", account }, ADMIN);
    expect(life.resource().state).toBe("active");
    sound(life);
  });
});

test("an account's limit counts what was used and isn't paid", () => {
  const life = postpaidLife({ credit: 500_000, account: { postpaidLimit: money(100_000) } });
  confirm(life, "create");
  life.passTo("2027-01-26T00:00");
  expect(life.place("create", { configuration: { general: 1 }, period: null }).ok).toBe(true);
  life.passTo("2027-01-27T00:00");
  expect(life.refusal(placeServer({ period: null }))).toEqual({ code: "postpaid_limit_reached" });
  life.passTo("2027-02-01T03:00");
  expect(life.refusal(placeServer({ period: null }))).toEqual({ code: "postpaid_limit_reached" });
  life.passTo("2027-02-01T09:00");
  expect(life.state.invoices.map(({ status }) => status)).toContain("paid");
  expect(life.place("create", { configuration: { general: 1 }, period: null }).ok).toBe(true);
});
