import fc from "fast-check";
import { expect, test } from "vitest";
import type { InvoiceCode, PaymentId } from "../../src/domain/ids.ts";
import { violations } from "../../src/domain/invariants.ts";
import { MINUTE_MS } from "../../src/domain/local-time.ts";
import { attemptId, heard, MOMO, success } from "../domain/attempts/attempts.ts";
import { deleteResource, grantCredit } from "../domain/commands.ts";
import type { Life } from "../domain/life.ts";
import { confirm, postpaidLife } from "../domain/postpaid/life.ts";

/** A server from 10 January on, until its month's end. */
const JANUARY = 130_219;

const sound = ({ state }: Life) => expect(violations(state.books())).toEqual([]);

function billed(): { life: Life; bill: InvoiceCode } {
  const life = postpaidLife({ at: "2027-01-10T10:00" });
  confirm(life, "create");
  life.passTo("2027-02-01T03:00");
  const [invoice] = life.state.invoices;
  if (!invoice) throw new Error("there is no bill");
  return { life, bill: invoice.code };
}

test("8: money that pays a bill at a gateway doesn't become credit as well", () => {
  const { life, bill } = billed();
  life.must({
    ...{ type: "pay_bills", bills: [bill], amount: null, method: "gateway", payment: attemptId(1) },
    at: { terms: MOMO, returnUrl: "https://billing.example/back" },
  });
  for (const again of [1, 2])
    life.must(heard(success(), { amount: JANUARY, source: again === 1 ? "callback" : "query" }));
  expect(life.state.invoice(bill)).toMatchObject({ status: "paid", paid: JANUARY });
  expect(life.available).toBe(0);
  expect(life.state.balances).toMatchObject({ "clearing:momo": -JANUARY, receivable: 0 });
  sound(life);
});

test("13: credit that comes later pays what is open by the next morning, without anybody asking", () => {
  const { life, bill } = billed();
  life.passTo("2027-02-03T12:00");
  life.must(grantCredit(JANUARY));
  life.passTo("2027-02-04T09:00");
  expect(life.state.invoice(bill)).toMatchObject({ status: "paid" });
  sound(life);
});

test("16: whatever the zone, the days at a month's end are billed once", () => {
  const zones = fc.constantFrom(
    "Asia/Ho_Chi_Minh",
    "America/St_Johns",
    "Pacific/Apia",
    "Europe/Berlin",
    "UTC",
  );
  fc.assert(
    fc.property(
      zones,
      fc.nat(60 * 1_440),
      fc.integer({ min: 1, max: 90 * 1_440 }),
      (timeZone, from, minutes) => {
        const life = postpaidLife({ account: { timeZone } });
        life.nowMs += from * MINUTE_MS;
        confirm(life, "create");
        const startMs = life.nowMs;
        life.passTo(startMs + minutes * MINUTE_MS);
        life.must(deleteResource());
        life.passTo(life.nowMs + 40 * 1_440 * MINUTE_MS);
        const spans = life.state.invoices.map(({ period }) => period);
        expect(spans[0]?.startMs).toBe(startMs);
        expect(spans.at(-1)?.endMs).toBe(startMs + minutes * MINUTE_MS);
        for (const [index, span] of spans.slice(1).entries()) expect(span.startMs).toBe(spans[index]?.endMs);
      },
    ),
    { numRuns: 50 },
  );
});

test("18: what was paid in the same minute is seen before anything is refused or suspended", () => {
  const { life, bill } = billed();
  life.passTo("2027-03-02T02:00");
  life.must(grantCredit(JANUARY));
  const payment = "pay_now" as PaymentId;
  life.must({ type: "pay_bills", bills: [bill], amount: null, method: "credit", payment });
  expect(life.place("create", { configuration: { general: 1 }, period: null }).ok).toBe(true);
  sound(life);
});
