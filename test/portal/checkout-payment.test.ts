import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { MINUTE_MS } from "../../src/domain/local-time.ts";
import { advanceClock, later, resetClock, setClock } from "../http/clock.ts";
import {
  admin,
  bodyOf,
  freshId,
  openAccount,
  putCatalogue,
  putCoupon,
  type TestAccount,
} from "../support/api.ts";
import { StandingQueue } from "../support/peer/queue.ts";
import { contentsOf, projectionOf, readSideOf } from "../support/tables.ts";
import { openEnglish, type Visit, visit, visitNew } from "./visit.ts";

beforeAll(putCatalogue);
afterEach(async () => {
  vi.restoreAllMocks();
  await resetClock();
});

const PAID = "Paid. Thank you!";

/** Everything of an account that paying moves. */
async function movedBy(account: TestAccount) {
  const { wallets, otherBalances, ledger, payments, resources, invoices } = await contentsOf(account.object);
  return { wallets, otherBalances, ledger, payments, resources, invoices };
}

/** Whatever is done, no money moves, nothing is provisioned, and the order still waits. */
async function expectUnpaid(open: Visit, act: () => Promise<unknown>) {
  const before = await movedBy(open.account);
  await act();
  expect(await movedBy(open.account)).toEqual(before);
  expect(await open.order()).toMatchObject({ status: "awaiting_payment", payment: null });
}

/** The order was paid once, whatever was sent. */
async function expectPaidOnce(account: TestAccount, order: string, total: number) {
  const { ledger, payments, resources } = await movedBy(account);
  const purchases = ledger.filter(({ kind }) => kind === "purchase");
  expect(purchases.map(({ reference, credit }) => [reference, credit?.amount])).toEqual([[order, -total]]);
  expect(payments.map(({ amount }) => amount)).toEqual([total]);
  expect(resources).toHaveLength((await account.order(order)).lines.length);
}

describe("pressing the button", () => {
  it("pays what the page shows, and moves every row that a payment moves", async () => {
    const queue = new StandingQueue();
    const email = `${freshId("an")}@example.com`;
    const account = await openAccount(200_000, { settings: { email, locale: "en" } });
    const coupon = await putCoupon({ percent: "10" });
    const open = await visit(account, await account.placeWith(coupon, { name: "a" }, { name: "b" }));
    const { id } = open;
    expect(open.page.textOf("button.primary")).toBe("Pay 162,000 VND");
    expect(open.page.text).toContain("Available 200,000 VND After this payment 38,000 VND");
    const page = await open.send("pay");
    expect([page.status, page.url, page.heading]).toEqual([200, open.url, PAID]);
    expect(page.text).toContain("Paid 162,000 VND");
    expect(await open.order()).toMatchObject({ status: "provisioning", payment: expect.any(String) });

    const own = await contentsOf(account.object);
    expect(own.wallets).toEqual({ available: 38_000, held: 0, poc: 0 });
    expect(own.otherBalances).toMatchObject({ undelivered: 162_000 });
    expect(own.ledger.slice(1)).toEqual([
      {
        n: 2,
        kind: "purchase",
        atMs: expect.any(Number),
        reference: id,
        description: "Payment of services",
        transfers: [{ from: "credit_available", to: "undelivered", amount: 162_000 }],
        credit: { type: "purchase", amount: -162_000, available: 38_000, held: 0 },
      },
    ]);
    expect(own.payments).toMatchObject([
      { kind: "payment", method: "credit", status: "succeeded", amount: 162_000, order: id, refundOf: null },
    ]);
    expect(own.payments[0]?.lines.map(({ line, amount }) => [line, amount])).toEqual([
      [`${id}.1`, 81_000],
      [`${id}.2`, 81_000],
    ]);
    expect(own.resources.map(({ name, state, order }) => [name, state, order])).toEqual([
      ["a", "provisioning", id],
      ["b", "provisioning", id],
    ]);
    expect(own.invoices).toEqual([]);
    expect(await readSideOf(account.id)).toMatchObject(projectionOf(own));
    await queue.drain();
    const mails = await admin.get<{ data: { subject: string; text: string }[] }>(
      `/v1/sandbox/mailbox?to=${encodeURIComponent(email)}`,
    );
    expect(bodyOf(mails, 200).data.map(({ subject, text }) => [subject, text])).toEqual([
      [`Order ${id} is paid`, expect.stringContaining("162,000 VND")],
    ]);
  });

  it("twice at once pays once, and both see it paid", async () => {
    const account = await openEnglish(1_000_000);
    const coupon = await putCoupon({ amount: 10_000 });
    const open = await visit(account, await account.placeWith(coupon));
    const form = open.formFor("pay");
    const pages = await Promise.all([open.browser.send(form), open.browser.send(form)]);
    expect(pages.map(({ status, heading }) => [status, heading])).toEqual([
      [200, PAID],
      [200, PAID],
    ]);
    await expectPaidOnce(account, open.id, 80_000);
  });

  it("again afterwards, and from another tab, pays nothing more, whatever became of the order", async () => {
    const account = await openEnglish(1_000_000);
    const open = await visitNew(account);
    const [form, otherTab] = [open.formFor("pay"), (await open.reload()).form("[value=pay]")];
    expect(otherTab.fields.attempt).not.toBe(form.fields.attempt);
    expect((await open.browser.send(form)).heading).toBe(PAID);
    for (const again of [form, otherTab]) expect((await open.browser.send(again)).heading).toBe(PAID);
    await expectPaidOnce(account, open.id, 90_000);
    await account.provisionAll(open.id, "succeeded");
    for (const again of [form, otherTab]) {
      const page = await open.browser.send(again);
      expect([page.status, page.heading]).toEqual([200, "Everything is ready"]);
    }
    await expectPaidOnce(account, open.id, 90_000);
  });

  it("for an order that costs nothing asks to confirm, and is a payment all the same", async () => {
    const account = await openEnglish();
    const open = await visit(account, await account.placeWith(await putCoupon({ percent: "100" })));
    expect(open.page.textOf("button.primary")).toBe("Confirm");
    expect((await open.send("pay")).heading).toBe(PAID);
    expect(await account.payments()).toMatchObject([{ amount: 0, method: "credit", order: open.id }]);
  });
});

describe("an order that changed while its page was open", () => {
  it("isn't paid: the page says so, shows the new price, and that can be paid", async () => {
    const account = await openEnglish(1_000_000);
    const open = await visitNew(account);
    bodyOf(await account.change(open.id, { lines: [{ quantity: 2 }] }), 200);
    await expectUnpaid(open, async () => {
      const page = await open.send("pay");
      expect([page.status, page.textOf(".notice")]).toEqual([
        409,
        "The order was changed meanwhile. Please look at it again before you pay.",
      ]);
      expect(page.textOf("button.primary")).toBe("Pay 180,000 VND");
    });
    expect((await open.send("pay")).heading).toBe(PAID);
    await expectPaidOnce(account, open.id, 180_000);
  });

  it("isn't paid for another total than the page showed, nor by the same press", async () => {
    const account = await openEnglish(1_000_000);
    const open = await visitNew(account);
    const { attempt = "" } = open.formFor("pay").fields;
    await expectUnpaid(open, async () => {
      for (const total of ["89999", "0", "90001"])
        expect((await open.browser.send(open.formFor("pay"), { total })).status).toBe(409);
      await account.change(open.id, { lines: [{ quantity: 2 }] });
      expect((await open.send("pay")).status).toBe(409);
    });
    expect((await open.send("pay", { attempt })).heading).toBe(PAID);
    await expectPaidOnce(account, open.id, 180_000);
  });
});

describe("a quote older than 30 minutes", () => {
  const NOW = "2027-03-10T05:00:00.000Z";

  it("is made anew and the page says so; nothing is paid until the button is pressed again", async () => {
    await setClock(NOW);
    const account = await openEnglish(1_000_000);
    const open = await visitNew(account, { period: { endAt: "2027-04-30T12:00:00+07:00" } });
    expect(open.page.textOf("button.primary")).toBe("Pay 150,000 VND");
    await advanceClock(later(NOW, 30 * MINUTE_MS));
    await expectUnpaid(open, async () => {
      const page = await open.send("pay");
      expect([page.status, page.textOf(".notice")]).toEqual([
        409,
        "The price was older than 30 minutes, so we calculated it anew. Please look at it again.",
      ]);
      // 71 970 minutes × 90 000 / 43 200 = 149 937.5
      expect(page.textOf("button.primary")).toBe("Pay 149,938 VND");
    });
    expect((await open.order()).quoteExpiresAt).toBe(later(NOW, 60 * MINUTE_MS));
    expect((await open.send("pay")).heading).toBe(PAID);
    await expectPaidOnce(account, open.id, 149_938);
  });

  it("that can't be made anew says why at its field, and can be changed until it can", async () => {
    await setClock(NOW);
    const account = await openEnglish(1_000_000);
    const open = await visitNew(account, { period: { endAt: "2027-04-10T12:00:00+07:00" } });
    await advanceClock(later(NOW, 30 * MINUTE_MS));
    await expectUnpaid(open, async () => {
      const page = await open.send("pay");
      expect([page.status, page.find(".notice"), page.errorAt("until-0")]).toEqual([
        422,
        null,
        "This period is too short.",
      ]);
    });
    await open.send("items", { "period-0": "1" });
    expect((await open.send("pay")).heading).toBe(PAID);
  });
});

const isOffered = ({ page }: Visit, method: string): boolean =>
  page.find(`[name=method][value="${method}"]`)?.hasAttribute("disabled") === false;

describe("without enough credit", () => {
  it("the page says how much is missing, and credit can't be chosen", async () => {
    const account = await openEnglish(89_999);
    const open = await visitNew(account);
    expect(open.page.text).toContain("Available 89,999 VND Missing 1 VND");
    expect(open.page.textOf("#method-credit-more")).toBe("Not enough credit.");
    expect(isOffered(open, "credit")).toBe(false);
    await expectUnpaid(open, async () => {
      const page = await open.send("pay", { method: "credit" });
      expect([page.status, page.textOf(".notice")]).toEqual([409, "Your credit doesn't cover this."]);
    });
    await account.grant(1);
    await open.reload();
    expect([isOffered(open, "credit"), open.page.text.includes("Missing")]).toEqual([true, false]);
    expect((await open.send("pay")).heading).toBe(PAID);
    expect(await account.available()).toBe(0);
  });

  it("that was there when the page was opened, nothing is paid", async () => {
    const account = await openEnglish(90_000);
    const open = await visitNew(account);
    await account.placeAndPay();
    await expectUnpaid(open, async () => {
      const page = await open.send("pay");
      expect(page.status).toBe(409);
      expect(page.text).toContain("Missing 90,000 VND");
    });
  });
});

describe("a coupon that was used up meanwhile", () => {
  it("is named, nothing is paid, and without it the order can be", async () => {
    const limited = await putCoupon({ amount: 10_000, limit: 1 });
    const account = await openEnglish(1_000_000);
    const open = await visit(account, await account.placeWith(limited));
    const winner = await openAccount(90_000);
    bodyOf(await winner.pay((await winner.placeWith(limited)).id), 200);
    await expectUnpaid(open, async () => {
      const page = await open.send("pay");
      expect([page.status, page.textOf("#coupon-error")]).toEqual([
        409,
        "All uses of this coupon are taken.",
      ]);
    });
    await open.send("coupon", { coupon: "" });
    expect((await open.send("pay")).heading).toBe(PAID);
    await expectPaidOnce(account, open.id, 90_000);
  });
});
