import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { signToken } from "../../src/cli/tokens.ts";
import { verifyRecords } from "../../src/jobs/integrity.ts";
import {
  admin,
  bodyOf,
  freshId,
  openAccount,
  productConsole,
  putCatalogue,
  putCoupon,
  type TestAccount,
  userOf,
} from "../support/api.ts";
import { counting } from "../support/counted.ts";
import { advanceClock, resetClock, setClock } from "./clock.ts";
import { expectProblem } from "./expect-problem.ts";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

interface Costs {
  readonly currency: string;
  readonly from: string;
  readonly to: string;
  readonly total: number;
  readonly discount: number;
  readonly tax: number;
  readonly unbilled: number;
  readonly average: number;
  readonly previous: { startAt: string; endAt: string; total: number; change: number; changePercent: string };
  readonly forecast: { method: string; soFar: number; total: number } | null;
  readonly periods: readonly { startAt: string; endAt: string; total: number }[];
  readonly groups: readonly {
    readonly key: string | null;
    readonly name: string | null;
    readonly total: number;
    readonly share: string;
    readonly amounts: readonly number[];
  }[];
  readonly other: { readonly count: number; readonly total: number } | null;
  readonly topTypes: readonly {
    readonly resourceType: string;
    readonly total: number;
    readonly share: string;
  }[];
}

const saigon = (date: string) => `${date.length === 10 ? `${date}T00:00` : date}:00+07:00`;
const utc = (date: string) => new Date(saigon(date)).toISOString();

const costs = async (
  { user, path }: TestAccount,
  asked: Readonly<Record<string, string>> = {},
): Promise<Costs> => bodyOf(await user.get<Costs>(`${path}/costs?${new URLSearchParams(asked)}`), 200);

const months = (from: string, to: string) => ({
  ...{ from: saigon(from), to: saigon(to), granularity: "monthly" },
});

/** Two servers of 90 000 a month since 16 January, one with a tag and a tenth off; the account has credit. */
async function twoServers(): Promise<TestAccount> {
  await setClock(utc("2027-01-16"));
  const account = await openAccount(5_000_000);
  const coupon = await putCoupon({ amount: 9_000 });
  const order = await account.placeWith(coupon, { name: "web", period: { months: 2 } });
  bodyOf(await account.pay(order.id), 200);
  await account.provisionAll(order.id, "succeeded");
  await account.serve({ name: "=db", period: { months: 2 } });
  return account;
}

async function postpaidServer(): Promise<TestAccount> {
  await setClock(utc("2027-01-10T10:00"));
  const account = await openAccount();
  const settings = { email: "an@example.com", name: "An", billingMode: "postpaid" };
  bodyOf(await admin.put(account.path, settings), 200);
  const order = await account.place({ period: undefined as never });
  await account.provisionAll(order.id, "succeeded");
  return account;
}

describe("costs", () => {
  it("of what was paid for are spread over its time, the coupon's share off", async () => {
    const account = await twoServers();
    await setClock(utc("2027-03-20"));
    const found = await costs(account, { ...months("2027-01-01", "2027-04-01"), groupBy: "resource" });
    expect(found).toMatchObject({
      ...{ currency: "VND", from: utc("2027-01-01"), to: utc("2027-04-01"), total: 351_000, discount: 9_000 },
      ...{ unbilled: 0, average: 117_000, other: null },
    });
    expect(found.periods.map(({ total }) => total)).toEqual([87_750, 175_500, 87_750]);
    expect(found.groups.map(({ name, total, share, amounts }) => [name, total, share, amounts])).toEqual([
      ["=db", 180_000, "51.28", [45_000, 90_000, 45_000]],
      ["web", 171_000, "48.72", [42_750, 85_500, 42_750]],
    ]);
    expect(found.topTypes).toEqual([
      { product: "vserver", resourceType: "server", total: 351_000, share: "100.00" },
    ]);
  });

  it("end where a deletion took its time back, and months that are over stay", async () => {
    const account = await twoServers();
    await setClock(utc("2027-02-15"));
    const [, web] = await account.resources();
    const before = await costs(account, months("2027-01-01", "2027-02-01"));
    bodyOf(await account.remove(web?.id ?? ""), 200);
    await setClock(utc("2027-04-01"));
    expect(await costs(account, months("2027-01-01", "2027-02-01"))).toMatchObject({ total: before.total });
    const [note] = await account.creditNotes();
    const all = { from: saigon("2027-01-01"), to: saigon("2027-04-01") };
    expect((await costs(account, { ...all, granularity: "weekly" })).total).toBe(
      351_000 - (note?.total ?? 0),
    );
    const later = await costs(account, {
      ...months("2027-02-15", "2027-03-01"),
      q: "",
      resource: web?.id ?? "",
    });
    expect(later.total).toBe(0);
    expect(await verifyRecords(env, account.id)).toEqual([]);
  });

  it("as invoiced are what the invoices of that time say, less the credit notes", async () => {
    const account = await twoServers();
    await setClock(utc("2027-02-15"));
    const [, web] = await account.resources();
    bodyOf(await account.remove(web?.id ?? ""), 200);
    const [note] = await account.creditNotes();
    const found = await costs(account, { ...months("2027-01-01", "2027-03-01"), basis: "invoiced" });
    expect(found.periods.map(({ total }) => total)).toEqual([351_000, -(note?.total ?? 0)]);
  });

  it("of a month that was used first are shown before they are billed, and are its bills to the dong afterwards", async () => {
    const account = await postpaidServer();
    await setClock(utc("2027-01-31T23:00"));
    const january = months("2027-01-01", "2027-02-01");
    const before = await costs(account, january);
    expect(before).toMatchObject({ unbilled: before.total, forecast: { method: "run_rate_7_days" } });
    expect(before.total).toBeGreaterThan(0);
    await advanceClock(utc("2027-02-01T03:00"));
    const [bill] = await account.invoices();
    const after = await costs(account, january);
    expect(after).toMatchObject({ total: bill?.total, unbilled: 0, tax: bill?.tax });
    expect((await costs(account, { ...january, granularity: "hourly" })).total).toBe(bill?.total);
  });

  it("are the present month's unless said otherwise, compared with as much time before it", async () => {
    const account = await twoServers();
    await setClock(utc("2027-02-11"));
    const found = await costs(account);
    expect(found).toMatchObject({
      ...{ from: utc("2027-02-01"), to: utc("2027-03-01"), total: 58_500 },
      previous: {
        startAt: utc("2027-01-22"),
        endAt: utc("2027-02-01"),
        total: 52_650,
        change: 5_850,
        changePercent: "11.1",
      },
    });
    expect(found.periods).toHaveLength(28);
    expect(found.periods[0]).toMatchObject({
      startAt: utc("2027-02-01"),
      endAt: utc("2027-02-02"),
      total: 5_850,
    });
    expect(found.forecast).toEqual({
      ...{ method: "run_rate_7_days", startAt: utc("2027-02-01"), endAt: utc("2027-03-01") },
      ...{ soFar: 58_500, total: 175_500 },
    });
  });

  it("are told apart by a tag as it was when they were invoiced, and narrowed by one", async () => {
    const account = await postpaidServer();
    const [web] = await account.resources();
    bodyOf(await account.user.put(`${account.path}/resources/${web?.id}/tags`, { team: "red" }), 200);
    await advanceClock(utc("2027-02-01T03:00"));
    bodyOf(await account.user.put(`${account.path}/resources/${web?.id}/tags`, { team: "blue" }), 200);
    await setClock(utc("2027-02-02"));
    const byTeam = { ...months("2027-01-01", "2027-03-01"), groupBy: "tag", tagKey: "team" };
    const { groups } = await costs(account, byTeam);
    expect(groups.map(({ key }) => key)).toEqual(["red", "blue"]);
    expect((await costs(account, { ...byTeam, tag: "team:blue" })).groups.map(({ key }) => key)).toEqual([
      "blue",
    ]);
    expect((await costs(account, { ...byTeam, tagKey: "owner" })).groups.map(({ key }) => key)).toEqual([
      null,
    ]);
    expect((await costs(account, { product: "vmonitor" })).total).toBe(0);
  });

  it("tells the cheapest groups together where there are more than were asked for", async () => {
    const account = await twoServers();
    await setClock(utc("2027-03-20"));
    const asked = { ...months("2027-01-01", "2027-04-01"), groupBy: "resource", groups: "1" };
    const found = await costs(account, asked);
    expect(found.groups).toHaveLength(1);
    expect(found.other).toMatchObject({ count: 1, total: 171_000, amounts: [42_750, 85_500, 42_750] });
  });

  it("come as CSV that no spreadsheet calculates", async () => {
    const account = await twoServers();
    await setClock(utc("2027-02-01"));
    const asked = new URLSearchParams({ ...months("2027-01-01", "2027-02-01"), groupBy: "resource" });
    const token = await signToken(
      { role: "user", account: account.id, actions: ["ExportBillings"] },
      env.AUTH_SECRET ?? "",
    );
    const headers = { Authorization: `Bearer ${token}` };
    const { response } = await counting(
      new Request(`http://edge-billing.test${account.path}/costs.csv?${asked}`, { headers }),
    );
    expect(response.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    const [db, web] = (await account.resources()).map(({ id }) => id);
    const row = (id: string | undefined, name: string, total: number) =>
      `2027-01-01 00:00,2027-02-01 00:00,vserver,${id},${name},${total}`;
    const text = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(
      await response.arrayBuffer(),
    );
    expect(text.split("\r\n")).toEqual([
      "\u{feff}Từ,Đến trước,Sản phẩm,Tài nguyên,Tên tài nguyên,Thành tiền (VND)",
      row(db, "'=db", 45_000),
      row(web, "web", 42_750),
    ]);
  });

  it("take as many queries for many resources as for one", async () => {
    await setClock(utc("2027-01-16"));
    const account = await openAccount(5_000_000);
    const token = await signToken(
      { role: "user", account: account.id, actions: ["GetBillingStatistic"] },
      env.AUTH_SECRET ?? "",
    );
    const ask = async () => {
      const url = `http://edge-billing.test${account.path}/costs?groupBy=resource`;
      const { response, queries } = await counting(
        new Request(url, { headers: { Authorization: `Bearer ${token}` } }),
      );
      expect(response.status).toBe(200);
      return queries.filter((query) => !query.includes("sandbox_clock")).length;
    };
    await account.serve();
    const one = await ask();
    await account.provisionAll((await account.placeAndPay({ quantity: 20 })).id, "succeeded");
    expect([one, await ask()]).toEqual([1, 1]);
  });
});

describe("a question about costs", () => {
  it.each([
    {
      asked: { from: saigon("2027-02-01"), to: saigon("2027-02-01") },
      status: 422,
      code: "range_not_allowed",
      path: "query.from",
    },
    {
      asked: { ...months("2027-01-01", "2027-03-01"), granularity: "hourly" },
      status: 422,
      code: "range_not_allowed",
      path: "query.from",
    },
    { asked: { granularity: "yearly" }, status: 400, code: "invalid_request", path: "query.granularity" },
    { asked: { groupBy: "tag" }, status: 400, code: "invalid_request", path: "query.tagKey" },
    { asked: { groupBy: "colour" }, status: 400, code: "invalid_request", path: "query.groupBy" },
    { asked: { basis: "guessed" }, status: 400, code: "invalid_request", path: "query.basis" },
    { asked: { groups: "0" }, status: 400, code: "invalid_request", path: "query.groups" },
    { asked: { from: "2027-02-01" }, status: 400, code: "invalid_request", path: "query.from" },
  ])("that can't be answered is refused: $asked", async ({ asked, ...refusal }) => {
    const account = await openAccount();
    const question = new URLSearchParams(asked as unknown as Record<string, string>);
    for (const call of ["costs", "costs.csv"].slice(0, "groups" in asked ? 1 : 2))
      expectProblem(await account.user.get(`${account.path}/${call}?${question}`), refusal);
  });

  it("is for whoever may see the statistics, of their own account", async () => {
    const [account, other] = [await twoServers(), await openAccount()];
    for (const call of ["costs", "costs.csv"]) {
      const path = `${account.path}/${call}`;
      expectProblem(await other.user.get(path), { status: 404, code: "account_not_found" });
      expectProblem(await userOf(account.id, ["ListBillings"]).get(path), { status: 403, code: "forbidden" });
      expectProblem(await productConsole().get(path), { status: 403, code: "forbidden" });
      expectProblem(await admin.get(`/v1/accounts/${freshId("acc")}/${call}`), {
        ...{ status: 404, code: "account_not_found" },
      });
    }
  });
});
