import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DAY_MS, MINUTE_MS } from "../../src/domain/local-time.ts";
import { later, resetClock, setClock } from "../http/clock.ts";
import { bodyOf, type ItemRequest, putCatalogue, putCoupon, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { contentsOf } from "../support/tables.ts";
import { enterPortal } from "./portal-visit.ts";
import { openEnglish, stateOf } from "./visit.ts";

/** Midnight in Vietnam; the month that begins then has 30 days of 30/360. */
const START = "2027-03-09T17:00:00.000Z";
const HALF_A_MONTH_ON = later(START, 15 * DAY_MS);
const CONFIRM = "button.danger";

beforeAll(putCatalogue);
beforeEach(async () => void (await setClock(START)));
afterEach(async () => void (await resetClock()));

async function confirming(item: ItemRequest = {}, credit = 1_000_000) {
  const account = await openEnglish(credit);
  const id = await account.serve({ name: "web", ...item });
  await setClock(HALF_A_MONTH_ON);
  const visit = await enterPortal(account);
  await visit.go(`/portal/resources/${id}`);
  const path = visit.page.findAll("a.button").map((link) => link.getAttribute("href"));
  expect(path).toEqual([`/portal/resources/${id}/delete`]);
  await visit.go(`/portal/resources/${id}/delete`);
  return { account, id, visit };
}

/** What deleting moves. */
async function movedBy(account: TestAccount) {
  const { wallets, ledger, payments } = await contentsOf(account.object);
  return { wallets, ledger, payments, notes: await account.creditNotes() };
}

describe("deleting a resource", () => {
  it("shows what comes back before anything is done", async () => {
    const { account, visit } = await confirming();
    const before = await stateOf(account);
    expect(visit.page.heading).toBe("Delete web?");
    expect(visit.page.textOf(".figure")).toBe("45,000 VND");
    expect(visit.page.text).toContain("It is deleted at once, with its data. This can't be undone.");
    expect(await stateOf(account)).toEqual(before);
  });

  it("gives back exactly that, and moves every row of it", async () => {
    const { account, id, visit } = await confirming();
    const page = await visit.send(CONFIRM);
    expect([page.status, page.heading]).toEqual([200, "web is deleted"]);
    expect(page.text).toContain("This came back to your credit 45,000 VND");
    expect(page.find(".notice")).toBeNull();
    expect(await account.resource(id)).toMatchObject({ state: "deleted", endAt: null });
    expect(await account.available()).toBe(1_000_000 - SMALL_MONTH + 45_000);
    const [invoice] = await account.invoices();
    const { notes, ledger } = await movedBy(account);
    expect(notes).toMatchObject([{ total: 45_000, reason: "delete", invoice: invoice?.code, resource: id }]);
    expect(invoice?.creditedBy).toEqual([notes[0]?.code]);
    expect((await account.payments())[0]).toMatchObject({ kind: "refund", amount: 45_000, method: "credit" });
    expect((await account.creditTransactions())[0]).toMatchObject({ type: "refund", amount: 45_000 });
    expect(ledger.filter(({ kind, reference }) => kind === "refund" && reference === id)).toHaveLength(1);
    expect(await account.object.audit()).toEqual([]);
  });

  it("happens once, however often the button is pressed; each press is told the same", async () => {
    const { account, visit } = await confirming();
    const form = visit.page.form(CONFIRM);
    const [one, two] = await Promise.all([visit.browser.send(form), visit.browser.send(form)]);
    const moved = await movedBy(account);
    await setClock(later(HALF_A_MONTH_ON, DAY_MS));
    const late = await visit.browser.send(form);
    expect([one?.text, two?.text]).toEqual([late.text, late.text]);
    expect(late.text).toContain("This came back to your credit 45,000 VND");
    expect(await movedBy(account)).toEqual(moved);
    expect(await account.creditNotes()).toHaveLength(1);
  });

  it("is refused from a page that was opened before it was deleted elsewhere", async () => {
    const { account, id, visit } = await confirming();
    bodyOf(await account.remove(id), 200);
    const moved = await movedBy(account);
    const page = await visit.send(CONFIRM);
    expect([page.status, page.textOf(".notice")]).toEqual([409, "This resource is deleted."]);
    expect(await movedBy(account)).toEqual(moved);
  });

  it("says what came back where minutes went by since it was shown", async () => {
    const { account, visit } = await confirming();
    await setClock(later(HALF_A_MONTH_ON, 10 * MINUTE_MS));
    const page = await visit.send(CONFIRM);
    // A small server costs 90,000 / 43,200 dong a minute.
    expect(page.text).toContain("This came back to your credit 44,979 VND");
    expect(page.textOf(".notice")).toBe("Time went on meanwhile: it was 45,000 VND when you looked.");
    expect(await account.available()).toBe(1_000_000 - SMALL_MONTH + 44_979);
  });

  it("gives no coupon money back", async () => {
    const account = await openEnglish(1_000_000);
    const order = await account.placeWith(await putCoupon({ percent: "50" }), { name: "web" });
    bodyOf(await account.pay(order.id), 200);
    const [line] = (await account.provisionAll(order.id, "succeeded")).lines;
    await setClock(HALF_A_MONTH_ON);
    const visit = await enterPortal(account);
    const page = await visit.go(`/portal/resources/${line?.resourceId}/delete`);
    expect(page.textOf(".figure")).toBe("22,500 VND");
  });

  it("into the trash says until when it can be recovered", async () => {
    const gold = {
      resourceType: "package",
      configuration: [{ sku: "gold", quantity: 30 }],
      period: { months: 3 },
    };
    const { account, id, visit } = await confirming(gold);
    expect(visit.page.text).toContain("lies in the trash until 1 April 2027 at 00:00");
    const page = await visit.send(CONFIRM);
    expect(page.heading).toBe("web is in the trash");
    expect(page.text).toContain("It can be recovered until 1 April 2027 at 00:00.");
    expect(await account.resource(id)).toMatchObject({
      state: "suspended",
      deletesAt: "2027-03-31T17:00:00.000Z",
    });
    await visit.go(`/portal/resources/${id}`);
    expect(visit.page.findAll(".heading button").map(({ textContent }) => textContent)).toEqual(["Recover"]);
  });

  it("isn't offered while something is in progress", async () => {
    const account = await openEnglish(1_000_000);
    const id = await account.serve({ name: "web" });
    await account.act("resize", id, { configuration: [{ sku: "disk", quantity: 1 }] });
    const visit = await enterPortal(account);
    await visit.go(`/portal/resources/${id}`);
    expect(visit.page.findAll(".heading .button, .heading button")).toEqual([]);
    const page = await visit.go(`/portal/resources/${id}/delete`);
    expect([page.status, page.textOf(".notice")]).toEqual([
      409,
      "Something else is in progress for this resource. Please wait until it is done.",
    ]);
  });

  it("does nothing for a form without its attempt", async () => {
    const { account, id, visit } = await confirming();
    const page = await visit.send(CONFIRM, { attempt: null });
    expect(page.status).toBe(400);
    expect((await account.resource(id)).state).toBe("active");
  });
});
