import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { advanceClock, resetClock, setClock } from "../http/clock.ts";
import { admin, bodyOf, type InvoiceView, putCatalogue, type TestAccount } from "../support/api.ts";
import { balancer, eventOf, postpaidAccount, report, serveBalancer } from "./metered.ts";

interface Line {
  readonly gross: number;
  readonly items: readonly { readonly sku: string; readonly amount: number }[];
}

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const saigon = (text: string) =>
  new Date(`${text.length === 10 ? `${text}T00:00` : text}:00+07:00`).toISOString();

const reported = async (account: TestAccount, events: readonly object[]) => {
  const { results } = bodyOf(await report(account, events), 200);
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["accepted"]));
};

const itemsOf = ({ lines }: { lines: readonly Line[] }) =>
  Object.fromEntries(lines.flatMap(({ items }) => items.map(({ sku, amount }) => [sku, amount])));

const billOf = async (account: TestAccount, at = 0) => {
  const code = (await account.invoices()).toReversed()[at]?.code;
  return bodyOf(
    await account.user.get<InvoiceView & { lines: readonly Line[] }>(`${account.path}/invoices/${code}`),
    200,
  );
};

/** A month of a node, 10 GB that became 20 in its middle, two addresses' traffic and two days' peaks. */
const MARCH = { node: 44_640, "cache-gb": 85_932, "traffic-gb": 8_000, "data-gb": 3_360 };

describe("a metered resource that is paid by the month", () => {
  test("is billed at month close for everything that it used, to the day it shows the same", async () => {
    await setClock(saigon("2027-03-01"));
    const account = await postpaidAccount();
    const resource = await serveBalancer(account, balancer({ node: 1, "cache-gb": 10 }));
    await setClock(saigon("2027-03-31T23:59"));
    const at = (text: string, sku: string, quantity: string, key?: string) =>
      eventOf(resource, { sku, quantity, at: saigon(text), ...(key ? { key } : {}) });
    await reported(account, [
      at("2027-03-31T23:00", "data-gb", "507"),
      at("2027-03-16T12:00", "cache-gb", "20"),
      at("2027-03-20", "traffic-gb", "5.6", "203.0.113.7"),
      at("2027-03-02", "traffic-gb", "3.9", "203.0.113.8"),
      at("2027-03-01", "data-gb", "505"),
      at("2027-03-15", "data-gb", "400"),
    ]);
    const shown = bodyOf(
      await account.user.get<{ total: number; data: readonly { lines: readonly Line[] }[] }>(
        `${account.path}/usage`,
      ),
      200,
    );
    expect(itemsOf(shown.data[0] ?? { lines: [] })).toMatchObject({ "traffic-gb": 8_000, "data-gb": 3_360 });
    await advanceClock(saigon("2027-04-01T02:00"));
    const bill = await billOf(account);
    expect(itemsOf(bill)).toEqual(MARCH);
    expect(bill).toMatchObject({
      status: "unpaid",
      total: Object.values(MARCH).reduce((a, b) => a + b),
      lines: [{}],
    });
    expect(await account.object.audit()).toEqual([]);
    await advanceClock(saigon("2027-05-01T02:00"));
    // The level stays what it was, and everything else begins anew.
    expect(itemsOf(await billOf(account, 1))).toEqual({ node: 43_200, "cache-gb": 20 * 720 * 7.7 });
  });

  test("has a gauge's new level when its configured quantity is changed, and not by another change", async () => {
    await setClock(saigon("2027-03-01"));
    const account = await postpaidAccount();
    const resource = await serveBalancer(account, balancer({ node: 1, "cache-gb": 10 }));
    const resize = async (text: string, node: number, cache: number) => {
      await setClock(saigon(text));
      const configuration = balancer({ node, "cache-gb": cache });
      const order = bodyOf(
        await account.placeFor("resize", resource, { resourceType: "balancer", configuration }),
        201,
      );
      await account.answer(order.id);
    };
    await setClock(saigon("2027-03-11"));
    await reported(account, [
      eventOf(resource, { sku: "cache-gb", quantity: "50", at: saigon("2027-03-11") }),
    ]);
    await resize("2027-03-21", 2, 10);
    await resize("2027-03-26", 2, 30);
    await advanceClock(saigon("2027-04-01T02:00"));
    const gigabyteHours = 24 * (10 * 10 + 15 * 50 + 6 * 30);
    const { lines } = await billOf(account);
    const cache = lines.flatMap(({ items }) => items.filter(({ sku }) => sku === "cache-gb"));
    expect(cache.map(({ amount }) => amount).reduce((a, b) => a + b)).toBe(gigabyteHours * 7.7);
  });

  test("counts towards its account's limit, meters too", async () => {
    await setClock(saigon("2027-03-01"));
    const account = await postpaidAccount();
    const settings = { email: "an@example.com", name: "An", billingMode: "postpaid", postpaidLimit: 8_000 };
    bodyOf(await admin.put(account.path, settings), 200);
    const resource = await serveBalancer(account, balancer({}));
    await setClock(saigon("2027-03-02"));
    const use = (quantity: string) =>
      reported(account, [eventOf(resource, { quantity, at: saigon("2027-03-01T12:00") })]);
    await use("7.9");
    await serveBalancer(account, balancer({}));
    await use("0.1");
    const ordered = await account.placeFor("resize", resource, {
      ...{ resourceType: "balancer", configuration: balancer() },
    });
    expect(ordered).toMatchObject({ status: 402, body: { code: "postpaid_limit_reached" } });
    expect(await account.resource(resource)).toMatchObject({ isBusy: false });
  });

  test("that only has meters and wasn't used has no bill", async () => {
    await setClock(saigon("2027-03-01"));
    const account = await postpaidAccount();
    await serveBalancer(account, balancer({}));
    await advanceClock(saigon("2027-04-01T02:00"));
    expect(await account.invoices()).toEqual([]);
    expect(await account.object.audit()).toEqual([]);
  });

  test("can't be ordered with a metered part for a period", async () => {
    const account = await postpaidAccount();
    bodyOf(
      await admin.put(account.path, { email: "an@example.com", name: "An", billingMode: "prepaid" }),
      200,
    );
    const answer = await account.console.post(`${account.path}/orders`, {
      action: "create",
      lines: [{ resourceType: "balancer", name: "lb", configuration: balancer(), period: { months: 1 } }],
      returnUrl: "https://console.example/done",
    });
    expect(answer).toMatchObject({ status: 422, body: { code: "billing_not_offered" } });
  });
});
