import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { verifyRecords } from "../../src/jobs/integrity.ts";
import { advanceClock, resetClock, setClock } from "../http/clock.ts";
import { admin, bodyOf, openAccount, putCatalogue, type TestAccount } from "../support/api.ts";
import { balancer, eventOf, postpaidAccount, report, serveBalancer } from "./metered.ts";

interface Line {
  readonly gross: number;
  readonly period?: { readonly startAt: string; readonly endAt: string };
  readonly items: readonly { readonly sku: string; readonly amount: number }[];
}
interface Bill {
  readonly code: string;
  readonly status: string;
  readonly total: number;
  readonly paid: number;
  readonly lines: readonly Line[];
}

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const saigon = (text: string) =>
  new Date(`${text.length === 10 ? `${text}T00:00` : text}:00+07:00`).toISOString();

/** The bills in the order in which they were issued, with all that they say. */
async function billsOf(account: TestAccount): Promise<Bill[]> {
  const codes = (await account.invoices()).map(({ code }) => code).toReversed();
  return Promise.all(
    codes.map(async (code) => bodyOf(await account.user.get<Bill>(`${account.path}/invoices/${code}`), 200)),
  );
}

const told = async (account: TestAccount, events: readonly object[]) =>
  bodyOf(await report(account, events), 200).results.map(({ status, code }) => code ?? status);

const traffic = (resource: string, at: string, quantity: string, id = crypto.randomUUID()) =>
  eventOf(resource, { id, quantity, at: saigon(at) });

const DAY = 1_440;

/** A cache of which a day's hours turned out after its bill not to have been used: `back` is what they had cost. */
async function lessUsedThanBilled() {
  await setClock(saigon("2027-03-20"));
  const account = await postpaidAccount();
  const resource = await serveBalancer(account, balancer({ "cache-gb": 100 }));
  await setClock(saigon("2027-03-30"));
  bodyOf(await account.remove(resource), 200);
  await advanceClock(saigon("2027-04-03"));
  const lower = eventOf(resource, { sku: "cache-gb", quantity: "0", at: saigon("2027-03-29") });
  expect(await told(account, [lower])).toEqual(["accepted"]);
  await advanceClock(saigon("2027-05-01T02:00"));
  const [bill] = await billsOf(account);
  if (!bill) throw new Error("there is no bill");
  return { account, resource, bill, back: 24 * 100 * 7.7 };
}

describe("an event of a month that is closed", () => {
  test("is a line of the next bill, about its own time; told twice it counts once", async () => {
    await setClock(saigon("2027-03-01"));
    const account = await postpaidAccount();
    const resource = await serveBalancer(account);
    await advanceClock(saigon("2027-04-02"));
    const late = traffic(resource, "2027-03-31T22:00", "5.5");
    expect(await told(account, [late, late])).toEqual(["accepted", "duplicate"]);
    expect(await told(account, [late])).toEqual(["duplicate"]);
    const shown = bodyOf(await account.user.get<{ total: number }>(`${account.path}/usage`), 200);
    expect(shown.total).toBe(DAY + 5_000);
    await advanceClock(saigon("2027-05-01T02:00"));
    const [march, april] = await billsOf(account);
    expect(march).toMatchObject({ total: 31 * DAY, lines: [{}] });
    expect(april).toMatchObject({ total: 30 * DAY + 5_000, status: "unpaid", paid: 0 });
    expect(april?.lines[1]).toMatchObject({
      ...{ gross: 5_000, items: [{ sku: "traffic-gb", amount: 5_000 }] },
      period: { startAt: saigon("2027-03-01"), endAt: saigon("2027-04-01") },
    });
    await advanceClock(saigon("2027-06-01T02:00"));
    expect((await billsOf(account))[2]).toMatchObject({ total: 31 * DAY });
    expect(await account.object.audit()).toEqual([]);
  });

  test("is refused once it is older than 35 days, in the future, or of a time in which nothing ran", async () => {
    await setClock(saigon("2027-03-20"));
    const account = await postpaidAccount();
    const resource = await serveBalancer(account);
    await setClock(saigon("2027-03-29"));
    bodyOf(await account.remove(resource), 200);
    await advanceClock(saigon("2027-05-02"));
    const at = ["2027-03-27T23:59", "2027-03-28T00:00", "2027-03-29T00:00", "2027-05-02T00:01", "2027-03-19"];
    const answers = await told(
      account,
      at.map((instant) => traffic(resource, instant, "1")),
    );
    expect(answers).toEqual([
      ...["event_too_old", "accepted", "resource_not_in_service", "event_in_the_future", "event_too_old"],
    ]);
    await advanceClock(saigon("2027-06-01T02:00"));
    expect((await billsOf(account)).map(({ total }) => total)).toEqual([9 * DAY, 1_000]);
    expect(await account.object.audit()).toEqual([]);
  });

  test("is held for by the next run, and captured with the next bill", async () => {
    await setClock(saigon("2027-03-20"));
    const account = await openAccount(100_000);
    const placed = bodyOf(
      await account.console.post<{ id: string }>(`${account.path}/orders`, {
        ...{ action: "create", returnUrl: "https://console.example/done" },
        lines: [{ resourceType: "balancer", name: "lb", configuration: balancer() }],
      }),
      201,
    );
    bodyOf(
      await account.user.post<object>(`${account.path}/orders/${placed.id}/pay`, { method: "hold" }),
      200,
    );
    const [line] = (await account.provisionAll(placed.id, "succeeded")).lines;
    const resource = line?.resourceId ?? "";
    await advanceClock(saigon("2027-04-02T12:00"));
    await told(account, [traffic(resource, "2027-03-25", "7")]);
    await advanceClock(saigon("2027-04-03"));
    expect(await account.resource(resource)).toMatchObject({
      hold: { use: 2 * DAY + 7_000, held: 5 * DAY + 7_000, missing: 0 },
    });
    await advanceClock(saigon("2027-05-01T02:00"));
    const [march, april] = await billsOf(account);
    expect(march).toMatchObject({ status: "paid", total: 12 * DAY });
    expect(april).toMatchObject({ status: "paid", total: 30 * DAY + 7_000, paid: 30 * DAY + 7_000 });
    const history = await account.creditTransactions();
    expect(history[0]).toMatchObject({ type: "purchase", amount: -(30 * DAY + 7_000) });
    const balance = bodyOf(
      await admin.get<{ credit: { available: number; held: number } }>(`${account.path}/balance`),
      200,
    );
    expect(balance.credit).toMatchObject({ available: 100_000 - 45 * DAY - 7_000, held: 3 * DAY });
    expect(await account.object.audit()).toEqual([]);
  });

  test("that lowers a gauge gives back what was billed too much, by a credit note where nothing else is billed", async () => {
    const { account, bill, back } = await lessUsedThanBilled();
    const notes = bodyOf(await account.user.get<{ data: object[] }>(`${account.path}/credit-notes`), 200);
    expect(notes.data).toMatchObject([
      { reason: "late_use", total: back, invoice: bill.code, lines: [{ gross: back }] },
    ]);
    expect((await billsOf(account)).length).toBe(1);
    const [row] = await account.creditTransactions();
    expect(row).toMatchObject({ type: "refund", amount: back });
    expect(await account.object.audit()).toEqual([]);
    // The next morning pays the bill with it.
    await advanceClock(saigon("2027-05-01T09:00"));
    expect((await billsOf(account))[0]).toMatchObject({ status: "partially_paid", paid: back });
    expect(await account.object.audit()).toEqual([]);
  });

  test("that lowers a gauge costs less from the credit note on: the month that is over stays what its bill says", async () => {
    const { account, resource, bill, back } = await lessUsedThanBilled();
    await advanceClock(saigon("2027-05-01T03:00"));
    const costs = async (from: string, more: Readonly<Record<string, string>>) => {
      const span = { from: saigon(from), to: saigon("2027-06-01"), granularity: "monthly" };
      const asked = new URLSearchParams({ ...span, ...more });
      const told = await account.user.get<{ periods: { total: number }[] }>(`${account.path}/costs?${asked}`);
      return bodyOf(told, 200).periods.map(({ total }) => total);
    };
    expect(await costs("2027-03-01", { basis: "used" })).toEqual([bill.total, 0, -back]);
    expect(await costs("2027-03-01", { basis: "invoiced" })).toEqual([0, bill.total, -back]);
    expect(await costs("2027-05-01", { resource })).toEqual([-back]);
    expect(await verifyRecords(env, account.id)).toEqual([]);
  });
});
