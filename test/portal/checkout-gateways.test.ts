import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { MINUTE_MS } from "../../src/domain/local-time.ts";
import { Customer } from "../gateways/customer.ts";
import { LinkingCustomer } from "../gateways/linking.ts";
import { behave } from "../gateways/paying.ts";
import { later, resetClock, setClock } from "../http/clock.ts";
import { bodyOf, putCatalogue, putCoupon, type TestAccount } from "../support/api.ts";
import { Browser, type Page } from "../support/browser.ts";
import { recordLogs } from "../support/logs.ts";
import { contentsOf } from "../support/tables.ts";
import { openEnglish, stateOf, type Visit, visit, visitNew } from "./visit.ts";

beforeAll(putCatalogue);
beforeEach(() => void recordLogs());
afterEach(async () => {
  vi.restoreAllMocks();
  for (const name of ["momo", "vnpay"] as const) await behave(name);
  await resetClock();
});

const NOW = "2027-03-10T05:00:00Z";
const WAITING = "Waiting for your payment at MoMo";

/** Gateways of different limits; what is true of them is true of the others. */
const LOOKED_AT = /^(?:credit|linked:.+|.+:momo|.+:vnpay)$/;

/** The ways to pay that a page shows, each with its amount or why it isn't offered; the chosen one has a star. */
const methodsOn = (page: Page): string[] =>
  page
    .findAll("[name=method]")
    .filter((choice) => LOOKED_AT.test(choice.getAttribute("value") ?? ""))
    .map((choice) => {
      const text = choice.closest(".method")?.textContent.replaceAll(/\s+/g, " ").trim();
      return `${choice.hasAttribute("checked") ? "* " : ""}${choice.getAttribute("value")} ${text}`;
    });

const notesOn = (page: Page): string[] => page.findAll(".notice").map(({ textContent }) => textContent);

/** What an account's attempts at gateways came to, oldest first. */
const attemptsOf = async ({ object }: TestAccount) =>
  (await contentsOf(object)).attempts
    .toSorted((one, other) => one.createdAtMs - other.createdAtMs)
    .map(({ gateway, method, status, amount, held }) => ({ gateway, method, status, amount, held }));

/** Pays at the gateway whose page the form led to, and comes back. */
async function decide(open: Visit, decision: "approve" | "refuse", callback?: string): Promise<Page> {
  const customer = new Customer(open.account);
  const begun = (await open.account.payments()).find(({ status }) => status === "pending");
  if (!begun) throw new Error("nothing was begun");
  await customer.open({ ...begun, redirectUrl: await addressOf(open, begun.id) });
  await customer.decide(begun, decision, callback);
  open.page = await open.browser.open(`${open.url}/return?resultCode=0`);
  return open.page;
}

const addressOf = async ({ account }: Visit, id: string): Promise<string> =>
  (await contentsOf(account.object)).attempts.find((attempt) => attempt.id === id)?.redirectUrl ?? "";

describe("the ways to pay", () => {
  it("are credit, topping it up, and each gateway, with what is taken from where", async () => {
    const open = await visitNew(await openEnglish(40_000));
    expect(methodsOn(open.page)).toEqual([
      "credit Credit walletNot enough credit.Available40,000 VNDMissing50,000 VND",
      "* top_up_and_pay:momo MoMo50,000 VNDand 40,000 VND from your credit",
      "top_up_and_pay:vnpay VNPay50,000 VNDand 40,000 VND from your credit",
      "gateway:momo MoMo90,000 VND",
      "gateway:vnpay VNPay90,000 VND",
    ]);
  });

  it("begin with credit where that suffices; topping up says so", async () => {
    const open = await visitNew(await openEnglish(100_000));
    expect(methodsOn(open.page)).toEqual([
      "* credit Credit wallet90,000 VNDAvailable100,000 VNDAfter this payment10,000 VND",
      "gateway:momo MoMo90,000 VND",
      "gateway:vnpay VNPay90,000 VND",
    ]);
    expect(open.page.text).toContain("Top up and pay Your credit covers all of it.");
  });

  it("say why they aren't offered: a gateway takes no less, and what is too much stays credit", async () => {
    const account = await openEnglish();
    const open = await visit(account, await account.placeWith(await putCoupon({ amount: 88_000 })));
    expect(methodsOn(open.page)).toEqual([
      "credit Credit walletNot enough credit.Available0 VNDMissing2,000 VND",
      "top_up_and_pay:vnpay VNPay5,000 VND3,000 VND of it stays in your credit",
      "* gateway:momo MoMo2,000 VND",
      "gateway:vnpay VNPayTakes 5,000 VND at least.",
    ]);
  });

  it("say why they aren't offered: a gateway takes no more", async () => {
    const account = await openEnglish();
    const open = await visitNew(account, { quantity: 100, period: { months: 6 } });
    expect(methodsOn(open.page)).toEqual([
      expect.stringContaining("credit Credit wallet"),
      "gateway:momo MoMoTakes 50,000,000 VND at most.",
      "* gateway:vnpay VNPay54,000,000 VND",
    ]);
  });

  it("that no form of ours has, or that aren't offered, begin nothing", async () => {
    const account = await openEnglish(40_000);
    const open = await visitNew(account);
    const { keys: _, ...before } = await stateOf(account);
    for (const [method, status] of [
      ["", 400],
      ["hold:momo", 400],
      ["gateway", 400],
      ["gateway:nobody", 422],
      ["poc", 409],
    ] as const)
      expect([method, (await open.browser.send(open.formFor("pay"), { method })).status]).toEqual([
        method,
        status,
      ]);
    expect(await stateOf(account)).toMatchObject(before);
  });
});

describe("choosing a gateway", () => {
  it("leads there by a page that goes on by itself, and has a link", async () => {
    const account = await openEnglish(40_000);
    const open = await visitNew(account);
    const page = await open.send("pay", { method: "top_up_and_pay:momo" });
    const [attempt] = (await contentsOf(account.object)).attempts;
    expect([page.status, page.heading]).toEqual([200, "Taking you to MoMo…"]);
    expect(page.text).toContain("You pay 50,000 VND there");
    expect(page.headers.get("Refresh")).toBe(`0; url=${attempt?.redirectUrl}`);
    expect(page.find("#go-on")?.getAttribute("href")).toBe(attempt?.redirectUrl);
    expect(await attemptsOf(account)).toEqual([
      { gateway: "momo", method: "top_up_and_pay", status: "open", amount: 50_000, held: 40_000 },
    ]);
  });

  it("twice at once begins one payment", async () => {
    const account = await openEnglish();
    const open = await visitNew(account);
    const form = open.formFor("pay");
    const sent = { method: "gateway:momo" };
    const pages = await Promise.all([open.browser.send(form, sent), open.browser.send(form, sent)]);
    expect(pages.map(({ status }) => status)).toEqual([200, 200]);
    expect(await attemptsOf(account)).toHaveLength(1);
  });

  it("that refuses at once says so; nothing is charged", async () => {
    await behave("momo", { create: "refuses" });
    const open = await visitNew(await openEnglish());
    const page = await open.send("pay", { method: "gateway:momo" });
    expect([page.url, page.heading]).toEqual([open.url, "Create resources"]);
    expect(notesOn(page)).toEqual([
      "MoMo took no money. The gateway declined the payment. You can try again, or pay another way.",
    ]);
  });

  it("whose answer is lost waits for it, without a way there but with others", async () => {
    await behave("momo", { create: "times_out_after_success" });
    const open = await visitNew(await openEnglish());
    const page = await open.send("pay", { method: "gateway:momo" });
    expect([page.status, page.heading]).toEqual([200, "Waiting for MoMo to answer"]);
    expect([page.find("#to-gateway"), page.find("#another-way")]).toEqual([null, expect.anything()]);
  });
});

describe("a linked account", () => {
  const linked = async () => {
    const account = await openEnglish();
    const { id } = await new LinkingCustomer(account, "momo").link();
    return { account, id };
  };

  it("is charged without leaving the page", async () => {
    const { account, id } = await linked();
    const open = await visitNew(account);
    expect(methodsOn(open.page)[1]).toBe(`* linked:${id} MoMo 09******9990,000 VND`);
    const page = await open.send("pay");
    expect([page.url, page.heading]).toEqual([open.url, "Paid. Thank you!"]);
    expect(await attemptsOf(account)).toEqual([
      { gateway: "momo", method: "linked", status: "succeeded", amount: 90_000, held: 0 },
    ]);
  });

  it("that is gone says so, and isn't offered any more", async () => {
    const { account, id } = await linked();
    const open = await visitNew(account);
    await behave("momo", { charge: "gone" });
    const page = await open.send("pay");
    expect(notesOn(page)).toEqual([expect.stringContaining("The linked account is linked no more.")]);
    expect(methodsOn(page).some((method) => method.includes(id))).toBe(false);
  });

  it("that isn't this account's charges nobody", async () => {
    const { id } = await linked();
    const open = await visitNew(await openEnglish());
    const page = await open.send("pay", { method: `linked:${id}` });
    expect(page.status).toBe(422);
    expect(await attemptsOf(open.account)).toEqual([]);
  });
});

describe("while a payment is open", () => {
  it("the order's page waits: what is held, until when, what if it fails; and looks again by itself", async () => {
    await setClock(NOW);
    const open = await visitNew(await openEnglish(40_000));
    await open.send("pay", { method: "top_up_and_pay:momo" });
    const page = await open.reload();
    expect([page.heading, page.findAll("form")]).toEqual([WAITING, []]);
    for (const text of ["At MoMo 50,000 VND", "Held of your credit 40,000 VND", "10/03/2027, 12:15"])
      expect(page.text).toContain(text);
    expect(page.text).toContain("nothing is charged, and the credit that is held is yours again");
    expect(page.find("[data-refresh]")?.getAttribute("data-refresh")).toBe("2");
    expect(page.html).toContain('<noscript><meta http-equiv="refresh" content="5" /></noscript>');
    const [{ id = "" } = {}] = await open.account.payments();
    expect(page.find("#to-gateway")?.getAttribute("href")).toBe(await addressOf(open, id));
    await setClock(later(NOW, 5 * MINUTE_MS));
    expect((await open.reload()).find("[data-refresh]")?.getAttribute("data-refresh")).toBe("10");
  });

  it("it can be paid another way: the credit that is held pays for it, and is told of", async () => {
    const account = await openEnglish(90_000);
    const open = await visitNew(account);
    await open.send("pay", { method: "gateway:momo" });
    open.page = await open.browser.open(`${open.url}?way=another`);
    expect(notesOn(open.page)).toEqual([
      expect.stringContaining("Your payment of 90,000 VND at MoMo isn't decided yet."),
    ]);
    await open.send("coupon", { coupon: await putCoupon({ amount: 10_000 }) });
    expect([open.page.url, open.page.heading]).toEqual([`${open.url}?way=another`, "Create resources"]);
    const page = await open.send("pay", { method: "credit" });
    expect([page.url, page.heading]).toEqual([open.url, "Paid. Thank you!"]);
    expect(notesOn(page)).toEqual([
      "A payment of 90,000 VND at MoMo isn't decided yet. Should the money still come, it becomes your credit.",
    ]);
    expect(await account.available()).toBe(10_000);
  });

  it("what it came to is asked before anything else is paid", async () => {
    const account = await openEnglish(90_000);
    const open = await visitNew(account);
    await open.send("pay", { method: "gateway:momo" });
    await decide(open, "approve", "never");
    expect(open.page.heading).toBe(WAITING);
    open.page = await open.browser.open(`${open.url}?way=another`);
    expect((await open.send("pay", { method: "credit" })).heading).toBe("Paid. Thank you!");
    expect(await account.payments()).toMatchObject([{ gateway: "momo", status: "succeeded" }]);
    expect(await account.available()).toBe(90_000);
  });

  it("past its time the page waits for the gateway's word, and for nobody to pay", async () => {
    await setClock(NOW);
    const open = await visitNew(await openEnglish(40_000));
    await open.send("pay", { method: "top_up_and_pay:momo" });
    await setClock(later(NOW, 15 * MINUTE_MS));
    const page = await open.reload();
    expect([page.heading, page.find("#to-gateway")]).toEqual(["Waiting for MoMo to answer", null]);
    expect(page.text).toContain("Held until 10/03/2027, 12:30");
  });
});

describe("coming back from the gateway", () => {
  it("settles nothing by itself, and leads to the order, whatever the gateway added to the address", async () => {
    const open = await visitNew(await openEnglish());
    await open.send("pay", { method: "gateway:momo" });
    const page = await open.browser.open(`${open.url}/return?resultCode=0&message=Successful.`);
    expect([page.url, page.heading]).toEqual([open.url, WAITING]);
    expect((await open.order()).status).toBe("awaiting_payment");
  });

  it("from ZaloPay, which tells of success alone, has it asked: a refusal is known at once", async () => {
    const open = await visitNew(await openEnglish());
    await open.send("pay", { method: "gateway:zalopay" });
    const untouched = await open.browser.open(`${open.url}/return?status=1`);
    expect(untouched.heading).toBe("Waiting for your payment at ZaloPay");
    const page = await decide(open, "refuse");
    expect([page.heading, notesOn(page)]).toEqual([
      "Create resources",
      [expect.stringMatching(/^ZaloPay took no money\./)],
    ]);
    await open.send("pay");
    expect((await decide(open, "approve", "never")).heading).toBe("Paid. Thank you!");
    expect((await attemptsOf(open.account)).map(({ status }) => status)).toEqual(["failed", "succeeded"]);
  });

  it("in another browser says where the outcome shows, and nothing of the order", async () => {
    const open = await visitNew(await openEnglish());
    await open.send("pay", { method: "gateway:momo" });
    const page = await new Browser().open(`${open.url}/return?resultCode=0`);
    expect([page.status, page.heading]).toEqual([200, "You are back from the payment"]);
    expect(page.html).not.toContain("90,000");
  });

  it("after it was refused says why, has the same way chosen, and can be tried again until it is paid", async () => {
    const account = await openEnglish(40_000);
    const open = await visitNew(account);
    await open.send("pay", { method: "top_up_and_pay:vnpay" });
    const page = await decide(open, "refuse");
    expect([page.heading, notesOn(page)]).toEqual([
      "Create resources",
      [expect.stringMatching(/^VNPay took no money\. .+ You can try again, or pay another way\.$/)],
    ]);
    expect(methodsOn(page).filter((method) => method.startsWith("*"))).toEqual([
      expect.stringContaining("top_up_and_pay:vnpay"),
    ]);
    await open.send("pay");
    expect((await decide(open, "approve")).heading).toBe("Paid. Thank you!");
    expect(notesOn(open.page)).toEqual([]);
    expect(await attemptsOf(account)).toEqual([
      { gateway: "vnpay", method: "top_up_and_pay", status: "failed", amount: 50_000, held: 0 },
      { gateway: "vnpay", method: "top_up_and_pay", status: "succeeded", amount: 50_000, held: 0 },
    ]);
    expect(await account.available()).toBe(0);
  });
});

describe("money that comes late", () => {
  it("pays the order all the same, and its page says so", async () => {
    await setClock(NOW);
    const open = await visitNew(await openEnglish());
    await open.send("pay", { method: "gateway:momo" });
    await decide(open, "approve", "never");
    await setClock(later(NOW, 40 * MINUTE_MS));
    const customer = new Customer(open.account);
    const [{ id = "" } = {}] = await open.account.payments();
    await customer.query(id);
    const page = await open.reload();
    expect([page.heading, notesOn(page)]).toEqual([
      "Paid. Thank you!",
      ["Your payment at MoMo came late, and still paid this order."],
    ]);
  });

  it("for an order that was cancelled becomes credit, and nobody is told that nothing was charged", async () => {
    const open = await visitNew(await openEnglish());
    const { page: stale } = open;
    await open.send("pay", { method: "gateway:momo" });
    const cancelled = await open.browser.send(stale.form("[value=cancel]"));
    expect([cancelled.heading, notesOn(cancelled)]).toEqual([
      "This order was cancelled",
      [expect.stringContaining("Should the money still come, it becomes your credit.")],
    ]);
    const page = await decide(open, "approve");
    expect(notesOn(page)).toEqual([
      "90,000 VND came from MoMo when this order didn't need it any more. It is in your credit.",
    ]);
    expect(page.text).not.toContain("Nothing was charged");
    expect(await open.account.available()).toBe(90_000);
  });
});

it("credit that an order's own payment holds can pay for it instead", async () => {
  const account = await openEnglish(40_000);
  const open = await visitNew(account);
  await open.send("pay", { method: "top_up_and_pay:momo" });
  await account.grant(50_000);
  open.page = await open.browser.open(`${open.url}?way=another`);
  expect(open.page.text).toContain("Available 90,000 VND After this payment 0 VND");
  expect((await open.send("pay", { method: "credit" })).heading).toBe("Paid. Thank you!");
  expect((await account.balance()).credit).toEqual({ available: 0, held: 0, total: 0 });
  bodyOf(await account.user.get(account.path), 200);
});
