import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  admin,
  bodyOf,
  freshId,
  openAccount,
  type Page,
  putCatalogue,
  type TestAccount,
} from "../support/api.ts";
import { Browser } from "../support/browser.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { eventOf, report, serveBalancer } from "../usage/metered.ts";
import { advanceClock, resetClock, setClock } from "./clock.ts";
import { expectProblem } from "./expect-problem.ts";

interface BudgetView {
  readonly monthlyLimit: number | null;
  readonly alertEmail: string | null;
  readonly alertEmailConfirmed: boolean | null;
  readonly spent: number;
  readonly used: number;
  readonly percent: number | null;
  readonly projected: number;
  readonly alerted: readonly number[];
}

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const saigon = (date: string) =>
  new Date(`${date.length === 10 ? `${date}T00:00` : date}:00+07:00`).toISOString();

const pathOf = ({ path }: TestAccount) => `${path}/budget`;
const put = (account: TestAccount, settings: object) =>
  account.user.put<BudgetView>(pathOf(account), settings);
const standing = async (account: TestAccount) =>
  bodyOf(await account.user.get<BudgetView>(pathOf(account)), 200);

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const mailsTo = async (email: string) =>
  bodyOf(await admin.get<Page<Mail>>(`/v1/sandbox/mailbox?to=${encodeURIComponent(email)}`), 200).data;
const alertsTo = async (email: string) =>
  (await mailsTo(email)).map(({ subject }) => subject).filter((subject) => subject.includes("budget"));

/** An account of somebody who reads English, and whose mail is nobody else's. */
async function open(credit: number, more: object = {}): Promise<{ account: TestAccount; email: string }> {
  const email = `${freshId("an")}@example.com`;
  return { account: await openAccount(credit, { settings: { locale: "en", email, ...more } }), email };
}

describe("a budget over HTTP", () => {
  it("is set, told and taken away", async () => {
    const { account, email } = await open(SMALL_MONTH);
    await setClock(saigon("2027-04-10T10:00"));
    expect(await standing(account)).toMatchObject({ monthlyLimit: null, percent: null, spent: 0 });
    const set = bodyOf(await put(account, { monthlyLimit: 1_000_000, alertEmail: email }), 200);
    expect(set).toEqual({
      ...{ monthlyLimit: 1_000_000, alertEmail: email, alertEmailConfirmed: true, currency: "VND" },
      month: { startAt: saigon("2027-04-01"), endAt: saigon("2027-05-01") },
      ...{ invoiced: 0, used: 0, spent: 0, percent: 0, projected: 0, alerted: [] },
    });
    await account.serve();
    expect(await standing(account)).toMatchObject({ invoiced: 90_000, spent: 90_000, percent: 9 });
    const gone = bodyOf(await account.user.delete<BudgetView>(pathOf(account)), 200);
    expect(gone).toMatchObject({ monthlyLimit: null, alertEmail: null, percent: null, spent: 90_000 });
  });

  it("is told by mail at 80 and at 100 percent", async () => {
    const { account, email } = await open(3 * SMALL_MONTH);
    bodyOf(await put(account, { monthlyLimit: 200_000 }), 200);
    await account.serve();
    await account.serve();
    await expect
      .poll(() => alertsTo(email), { timeout: 10_000 })
      .toEqual(["80% of your monthly budget is used"]);
    await account.serve();
    await expect
      .poll(() => alertsTo(email), { timeout: 10_000 })
      .toEqual(["Your monthly budget is used up", "80% of your monthly budget is used"]);
    expect((await standing(account)).alerted).toEqual([80, 100]);
    expect(await account.object.audit()).toEqual([]);
  });

  it("is told to another address once its owner has said yes, and until then to the account alone", async () => {
    const { account, email } = await open(3 * SMALL_MONTH);
    const other = `${freshId("finance")}@example.com`;
    const set = bodyOf(await put(account, { monthlyLimit: 100_000, alertEmail: other }), 200);
    expect(set).toMatchObject({ alertEmail: other, alertEmailConfirmed: false });
    await account.serve();
    await expect.poll(() => alertsTo(email), { timeout: 10_000 }).toHaveLength(1);
    expect(await alertsTo(other)).toEqual([]);
    const [question] = await mailsTo(other);
    const browser = new Browser();
    const page = await browser.open(/https?:\S+confirm\S+/.exec(question?.text ?? "")?.[0] ?? "");
    expect((await browser.send(page.form("button"))).status).toBe(200);
    expect(await standing(account)).toMatchObject({ alertEmailConfirmed: true });
    // It gets what it was asked about, and nothing else of the account.
    await account.serve();
    await expect.poll(() => mailsTo(other), { timeout: 10_000 }).toHaveLength(2);
    expect(await alertsTo(other)).toEqual(["Your monthly budget is used up"]);
  });

  it("can't be used to write to people by the dozen", async () => {
    const { account } = await open(0);
    const answers = [];
    for (let n = 0; n < 12; n += 1)
      answers.push(await put(account, { monthlyLimit: 1, alertEmail: `${freshId("x")}@example.com` }));
    expect(answers.filter(({ status }) => status === 429)).not.toEqual([]);
    const before = await standing(account);
    expectProblem(await put(account, { monthlyLimit: 2, alertEmail: "y@example.com" }), {
      status: 429,
      code: "too_many_requests",
    });
    expect(await standing(account)).toEqual(before);
  });

  it.each([
    ["a limit of nothing", { monthlyLimit: 0 }],
    ["no limit", { alertEmail: "an@example.com" }],
    ["a limit in parts of a dong", { monthlyLimit: 1.5 }],
    ["an address that is none", { monthlyLimit: 1_000, alertEmail: "an" }],
    ["what it doesn't know", { monthlyLimit: 1_000, alertMail: "an@example.com" }],
  ])("isn't set to %s", async (_, wrong) => {
    const { account } = await open(0);
    bodyOf(await put(account, { monthlyLimit: 5_000 }), 200);
    const before = await standing(account);
    expectProblem(await put(account, wrong), { status: 400, code: "invalid_request" });
    expect(await standing(account)).toEqual(before);
  });

  it("looks at use as each day begins, what meters counted included, and says what the month may come to", async () => {
    await setClock(saigon("2027-04-01T00:00"));
    const { account, email } = await open(0, { billingMode: "postpaid" });
    const resource = await serveBalancer(account);
    bodyOf(await put(account, { monthlyLimit: 10_000_000 }), 200);
    await setClock(saigon("2027-04-05T12:00"));
    const before = await standing(account);
    // Four and a half days at a steady pace, of thirty.
    expect(before.used).toBeGreaterThan(0);
    expect(Math.abs(before.projected - (before.used * 30) / 4.5)).toBeLessThanOrEqual(1);
    const events = [eventOf(resource, { quantity: "500", at: saigon("2027-04-05T09:00") })];
    expect((await report(account, events)).status).toBe(200);
    const after = await standing(account);
    expect(after.used).toBeGreaterThan(before.used);
    // Four fifths of it are what the meter alone brings about.
    const limit = Math.floor((after.used * 100) / 81);
    bodyOf(await put(account, { monthlyLimit: limit }), 200);
    expect(await alertsTo(email)).toEqual([]);
    const { ran } = await advanceClock(saigon("2027-04-06T00:00"));
    expect(
      ran.filter(({ account: of, kind }) => of === account.id && kind === "budget").at(-1),
    ).toMatchObject({
      ...{ dueAt: saigon("2027-04-06"), ran: "told" },
    });
    expect(await alertsTo(email)).toEqual(["80% of your monthly budget is used"]);
    expect(await account.object.audit()).toEqual([]);
  });
});
