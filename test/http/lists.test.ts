import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AccountId } from "../../src/domain/ids.ts";
import { DAY_MS, HOUR_MS } from "../../src/domain/local-time.ts";
import {
  admin,
  bodyOf,
  type CreditTransactionView,
  freshId,
  type InvoiceView,
  openAccount,
  type Page,
  type PaymentView,
  productConsole,
  putCatalogue,
  type ResourceView,
  type TestAccount,
  userOf,
} from "../support/api.ts";
import { VMONITOR } from "../support/catalogue.ts";
import { later, resetClock, setClock } from "./clock.ts";
import { expectProblem } from "./expect-problem.ts";

const START = "2027-03-10T03:00:00.000Z";
const MAX_PAGES = 100;

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const read = async <T>(account: TestAccount, list: string): Promise<Page<T>> =>
  bodyOf(await account.user.get<Page<T>>(`${account.path}/${list}`), 200);

/** Every page of a list, in order. `between` happens after each page. */
async function pages<T>(
  account: TestAccount,
  list: string,
  limit: number,
  between = async (): Promise<void> => {},
): Promise<T[][]> {
  const found: T[][] = [];
  let cursor: string | null = null;
  do {
    if (found.length >= MAX_PAGES) throw new Error(`${list} doesn't end`);
    const position = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<T> = await read<T>(
      account,
      `${list}${list.includes("?") ? "&" : "?"}limit=${limit}${position}`,
    );
    found.push([...page.data]);
    cursor = page.nextCursor;
    if (cursor !== null) await between();
  } while (cursor !== null);
  return found;
}

/** An account that ordered, paid and got five servers, one an hour, with its orders as they were placed. */
async function busyAccountWithOrders(step: number): Promise<{ account: TestAccount; orders: string[] }> {
  await setClock(START);
  const account = await openAccount(5 * 90_000);
  const orders: string[] = [];
  for (let n = 1; n <= 5; n += 1) {
    await setClock(later(START, n * step));
    const order = await account.placeAndPay({ name: `server ${n}` });
    await account.provisionAll(order.id, "succeeded");
    orders.push(order.id);
  }
  return { account, orders };
}

const busyAccount = async (step = HOUR_MS): Promise<TestAccount> =>
  (await busyAccountWithOrders(step)).account;

const LISTS = [
  { list: "invoices", total: 5 },
  { list: "payments", total: 5 },
  { list: "resources", total: 5 },
  { list: "credit-transactions", total: 6 },
];

const keyOf = (row: object): string =>
  "code" in row ? String(row.code) : String((row as { id: string }).id);
const orderOf = (row: object): string | undefined => {
  const { order, reference } = row as Record<string, string | undefined>;
  return order ?? reference;
};
const timeOf = (row: object): string => {
  const { issuedAt, createdAt, at } = row as Record<string, string | undefined>;
  return issuedAt ?? createdAt ?? at ?? "";
};

describe.each(LISTS)("$list", ({ list, total }) => {
  it("come newest first", async () => {
    const account = await busyAccount();
    const { data, nextCursor } = await read<object>(account, list);
    const times = data.map(timeOf);
    expect(times).toEqual([...times].sort().reverse());
    expect([data.length, nextCursor]).toEqual([total, null]);
  });

  it.each([
    { clock: "stands", step: 0 },
    { clock: "is set back", step: -HOUR_MS },
  ])("come newest first where the clock $clock between them", async ({ step }) => {
    const { account, orders } = await busyAccountWithOrders(step);
    const newestFirst = orders.toReversed();
    const { data } = await read<object>(account, list);
    expect(data.slice(0, 5).map(orderOf)).toEqual(newestFirst);
    const inPages = await pages<object>(account, list, 2);
    expect(inPages.flat().slice(0, 5).map(orderOf)).toEqual(newestFirst);
  });

  it.each([1, 2, 5, 6, 200])(
    "are read to their end %d at a time, without gap or repetition",
    async (limit) => {
      const account = await busyAccount();
      const whole = (await read<object>(account, list)).data.map(keyOf);
      const inPages = await pages<object>(account, list, limit);
      expect(inPages.flat().map(keyOf)).toEqual(whole);
      expect(inPages.map((page) => page.length)).toEqual(
        Array.from({ length: Math.ceil(total / limit) }, (_, n) => Math.min(limit, total - n * limit)),
      );
    },
  );

  it("have neither gap nor repetition where all happened at one instant", async () => {
    const account = await busyAccount(0);
    const whole = (await read<object>(account, list)).data.map(keyOf);
    expect(whole).toHaveLength(total);
    expect((await pages<object>(account, list, 2)).flat().map(keyOf)).toEqual(whole);
  });

  it("have neither where something new comes between two pages", async () => {
    const account = await busyAccount();
    const whole = (await read<object>(account, list)).data.map(keyOf);
    await setClock(later(START, DAY_MS));
    const between = async () => {
      await account.grant(90_000);
      const order = await account.placeAndPay({ name: "new" });
      await account.provisionAll(order.id, "succeeded");
    };
    expect((await pages<object>(account, list, 2, between)).flat().map(keyOf)).toEqual(whole);
  });
});

describe("a period narrows a list to what happened from its start until before its end:", () => {
  const from = encodeURIComponent(later(START, 2 * HOUR_MS));
  const to = encodeURIComponent("2027-03-10T14:00:00+07:00"); // the fourth hour

  it.each(["invoices", "payments"])("%s", async (list) => {
    const account = await busyAccount();
    const times = async (query: string) => (await read<object>(account, `${list}?${query}`)).data.map(timeOf);
    const hour = (n: number) => later(START, n * HOUR_MS);
    expect(await times(`from=${from}`)).toEqual([hour(5), hour(4), hour(3), hour(2)]);
    expect(await times(`to=${to}`)).toEqual([hour(3), hour(2), hour(1)]);
    expect(await times(`from=${from}&to=${to}`)).toEqual([hour(3), hour(2)]);
    expect(await times(`from=${to}&to=${from}`)).toEqual([]);
    const [first, ...rest] = await pages<object>(account, `${list}?from=${from}&to=${to}`, 1);
    expect([first?.length, rest.length]).toEqual([1, 1]);
  });

  it("credit-transactions", async () => {
    const account = await busyAccount();
    const { data } = await read<CreditTransactionView>(account, `credit-transactions?from=${from}&to=${to}`);
    expect(data.map(({ amount, balance }) => [amount, balance.available])).toEqual([
      [-90_000, 180_000],
      [-90_000, 270_000],
    ]);
  });
});

/** An account with a server and a quota, of two products; the server's order had a second line that failed. */
async function mixedAccount(): Promise<TestAccount> {
  await setClock(START);
  const account = await openAccount(1_000_000);
  const servers = await account.placeAndPay({ name: "Alpha" }, { name: "Beta 100%" });
  const [alpha, beta] = servers.lines;
  if (!alpha || !beta) throw new Error("not two lines");
  bodyOf(await account.provision(alpha, "succeeded"), 200);
  bodyOf(await account.provision(beta, "failed"), 200);
  const monitor = productConsole(VMONITOR);
  const request = {
    action: "create",
    lines: [
      {
        resourceType: "quota",
        name: "Gamma_1",
        configuration: [{ sku: "metrics", quantity: 1 }],
        period: { months: 2 },
      },
    ],
    returnUrl: "https://monitor.example/",
  };
  const quota = bodyOf(await monitor.post<{ id: string }>(`${account.path}/orders`, request), 201);
  const payment = bodyOf(await account.pay(quota.id), 200);
  const [line] = payment.lines;
  const answer = { orderLine: line?.line, status: "succeeded" };
  bodyOf(await monitor.post(`${account.path}/resources/${line?.resource}/provisioning`, answer), 200);
  return account;
}

describe("filters", () => {
  it("narrow resources by product, type, state, billing, status and a part of the name or id", async () => {
    const account = await mixedAccount();
    const names = async (query: string) =>
      (await read<ResourceView>(account, `resources?${query}`)).data.map(({ name }) => name);
    expect(await names("")).toEqual(["Gamma_1", "Beta 100%", "Alpha"]);
    expect(await names("product=vserver")).toEqual(["Beta 100%", "Alpha"]);
    expect(await names("resourceType=quota")).toEqual(["Gamma_1"]);
    expect(await names("state=active")).toEqual(["Gamma_1", "Alpha"]);
    expect(await names("state=deleted")).toEqual(["Beta 100%"]);
    expect(await names("billing=prepaid&state=active&product=vserver")).toEqual(["Alpha"]);
    expect(await names("billing=poc")).toEqual([]);
    expect(await names("q=ALPH")).toEqual(["Alpha"]);
    const [alpha] = (await read<ResourceView>(account, "resources?q=alpha")).data;
    expect(await names(`q=${alpha?.id}`)).toEqual(["Alpha"]);
  });

  it("narrow resources by how soon they end", async () => {
    const account = await mixedAccount();
    const names = async (query: string) =>
      (await read<ResourceView>(account, `resources?${query}`)).data.map(({ name }) => name);
    expect(await names("billingStatus=good")).toEqual(["Gamma_1", "Alpha"]);
    // Alpha ends on 10 April.
    await setClock("2027-03-30T03:00:00Z");
    expect(await names("billingStatus=warning")).toEqual(["Alpha"]);
    await setClock("2027-04-05T03:00:01Z");
    expect(await names("billingStatus=alerted")).toEqual(["Alpha"]);
    await setClock("2027-04-10T03:00:00Z");
    expect(await names("billingStatus=expired")).toEqual(["Alpha"]);
    expect(await names("billingStatus=good")).toEqual(["Gamma_1"]);
  });

  it("work together with pages", async () => {
    const account = await mixedAccount();
    const found = await pages<ResourceView>(account, "resources?state=active", 1);
    expect(found.map(([resource]) => resource?.name)).toEqual(["Gamma_1", "Alpha"]);
  });

  it("narrow invoices by product, status and a part of the code or name", async () => {
    const account = await mixedAccount();
    const names = async (query: string) =>
      (await read<InvoiceView & { resourceName: string }>(account, `invoices?${query}`)).data.map(
        ({ resourceName }) => resourceName,
      );
    expect(await names("")).toEqual(["Gamma_1", "Alpha"]);
    expect(await names("product=vserver")).toEqual(["Alpha"]);
    expect(await names("status=paid")).toEqual(["Gamma_1", "Alpha"]);
    expect(await names("status=unpaid")).toEqual([]);
    expect(await names("q=alph")).toEqual(["Alpha"]);
    const [gamma] = (await read<InvoiceView>(account, "invoices")).data;
    expect(await names(`q=${gamma?.code.slice(3)}`)).toEqual(["Gamma_1"]);
    expect(await names("q=no%20such")).toEqual([]);
  });

  it("find a part of an invoice's code or name that is as long as it may be", async () => {
    const account = await mixedAccount();
    const q = "x".repeat(200);
    expect(await read<InvoiceView>(account, `invoices?q=${q}`)).toEqual({ data: [], nextCursor: null });
    expect(await read<ResourceView>(account, `resources?q=${q}`)).toEqual({ data: [], nextCursor: null });
  });

  it("take every character of what is looked for as it stands", async () => {
    const account = await mixedAccount();
    const found = async (list: string, q: string) =>
      (await read<object>(account, `${list}?q=${encodeURIComponent(q)}`)).data.length;
    for (const list of ["invoices", "resources"]) {
      expect(await found(list, "A_pha"), list).toBe(0);
      expect(await found(list, "A%a"), list).toBe(0);
      expect(await found(list, "Gamma_1"), list).toBe(1);
    }
    expect(await found("resources", "100%")).toBe(1);
  });
});

describe("a list", () => {
  it("is 50 rows at a time unless said otherwise", async () => {
    const account = await openAccount(60);
    for (let n = 0; n < 52; n += 1) await account.grant(1);
    const { data, nextCursor } = await read<object>(account, "credit-transactions");
    expect(data).toHaveLength(50);
    expect(nextCursor).not.toBeNull();
  });

  it("shows operations what it shows the owner", async () => {
    const account = await mixedAccount();
    for (const { list } of LISTS) {
      const seen = bodyOf(await admin.get<Page<object>>(`${account.path}/${list}`), 200);
      expect(seen, list).toEqual(await read(account, list));
    }
  });

  it("shows a product's console its own resources", async () => {
    const account = await mixedAccount();
    const seen = bodyOf(
      await productConsole(VMONITOR).get<Page<ResourceView>>(`${account.path}/resources`),
      200,
    );
    expect(seen.data.map(({ name }) => name)).toEqual(["Gamma_1"]);
  });

  it("of payments names each payment's lines and the invoices it led to", async () => {
    const account = await mixedAccount();
    const { data } = await read<PaymentView>(account, "payments");
    expect(data.map(({ kind, amount }) => `${kind} ${amount}`)).toEqual([
      "payment 110000",
      "refund 90000",
      "payment 180000",
    ]);
    const servers = data.find(({ amount }) => amount === 180_000);
    expect(servers?.lines.map(({ invoice }) => invoice)).toEqual([expect.stringMatching(/-1$/), null]);
    expect(servers?.invoices).toEqual([expect.stringMatching(/-1$/)]);
  });

  it("of payments names the invoices of a page of them as a longer one does", async () => {
    const account = await openAccount(4 * 90_000);
    const orders = [];
    for (let n = 0; n < 4; n += 1) orders.push(await account.placeAndPay());
    // Documents come in another order than their payments, and one not at all.
    for (const n of [2, 0, 3]) await account.provisionAll(orders[n]?.id ?? "", "succeeded");
    await account.provisionAll(orders[1]?.id ?? "", "failed");
    const named = (payments: readonly PaymentView[]) =>
      payments.map(({ kind, invoices }) => [kind, invoices.map((code) => code.slice(code.lastIndexOf("-")))]);
    const all = [
      ["refund", []],
      ["payment", ["-3"]],
      ["payment", ["-1"]],
      ["payment", []],
      ["payment", ["-2"]],
    ];
    expect(named((await read<PaymentView>(account, "payments")).data)).toEqual(all);
    const first = await read<PaymentView>(account, "payments?limit=2");
    const second = await read<PaymentView>(account, `payments?limit=2&cursor=${first.nextCursor}`);
    expect(named([...first.data, ...second.data])).toEqual(all.slice(0, 4));
  });

  it.each(["", "?limit=1", `?cursor=${btoa("5")}`])(
    "of an account that was never opened isn't there%s",
    async (query) => {
      const unknown = freshId<AccountId>("acc");
      const notFound = { status: 404, code: "account_not_found" };
      for (const { list } of LISTS) {
        const path = `/v1/accounts/${unknown}/${list}${query}`;
        for (const caller of [admin, userOf(unknown)]) expectProblem(await caller.get(path), notFound);
      }
      const resources = `/v1/accounts/${unknown}/resources${query}`;
      expectProblem(await productConsole(VMONITOR).get(resources), notFound);
    },
  );

  it("that is empty because of what was asked for is there", async () => {
    const account = await mixedAccount();
    for (const query of ["invoices?q=none", "payments?to=2020-01-01T00:00:00Z", "resources?q=none"]) {
      expect(await read(account, query), query).toEqual({ data: [], nextCursor: null });
    }
    for (const { list } of LISTS) {
      expect(await read(account, `${list}?cursor=${btoa("1")}`), list).toEqual({
        data: [],
        nextCursor: null,
      });
    }
  });

  it("of an account where nothing happened is empty", async () => {
    const account = await openAccount();
    for (const { list } of LISTS) {
      expect(await read(account, list), list).toEqual({ data: [], nextCursor: null });
    }
  });
});

describe("due work", () => {
  interface DueWorkView {
    readonly account: string;
    readonly dueAt: string;
    readonly kind?: string;
    readonly subject?: string;
  }

  /** Every page of what is due, two at a time. */
  async function dueWork(query = ""): Promise<DueWorkView[]> {
    const found: DueWorkView[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      if (found.length > 2 * MAX_PAGES) throw new Error("due work doesn't end");
      const page: Page<DueWorkView> = bodyOf(
        await admin.get<Page<DueWorkView>>(
          `/v1/admin/due-work?limit=2${query}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
        ),
        200,
      );
      found.push(...page.data);
      cursor = page.nextCursor;
    }
    return found;
  }

  it("names the accounts by what is due first, and all that will be in one of them", async () => {
    const [late, early] = [await openAccount(90_000), await openAccount(5 * 90_000)];
    await setClock(START);
    const orders = [await early.placeAndPay({ name: "one" }), await early.placeAndPay({ name: "other" })];
    await setClock(later(START, HOUR_MS));
    const last = await late.placeAndPay({ name: "later" });

    const mine = (await dueWork()).filter(({ account }) =>
      [late.id, early.id].includes(account as AccountId),
    );
    expect(mine).toEqual([
      { account: early.id, dueAt: later(START, HOUR_MS) },
      { account: late.id, dueAt: later(START, 2 * HOUR_MS) },
    ]);
    expect(await dueWork(`&account=${early.id}`)).toEqual(
      orders.map(({ id }) => ({
        account: early.id,
        dueAt: later(START, HOUR_MS),
        kind: "order",
        subject: id,
      })),
    );

    await late.provisionAll(last.id, "succeeded");
    const [next, ...others] = await dueWork(`&account=${late.id}`);
    expect([next?.kind, others]).toEqual(["resource", []]);
    expect((await dueWork()).find(({ account }) => account === late.id)?.dueAt).toBe(next?.dueAt);
    expect(await dueWork("&account=acc_never")).toEqual([]);
  });
});
