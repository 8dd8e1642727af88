import { afterEach, beforeAll, describe, expect, it } from "vitest";
import pricing from "../fixtures/pricing.json" with { type: "json" };
import {
  admin,
  bodyOf,
  type ItemRequest,
  openAccount,
  productConsole,
  putCatalogue,
  type TestAccount,
  userOf,
} from "../support/api.ts";
import { PRODUCTS, SMALL_MONTH, VMONITOR, VSERVER } from "../support/catalogue.ts";
import { advanceClock, resetClock, setClock } from "./clock.ts";
import { expectProblem } from "./expect-problem.ts";

const GOLDEN = [
  { id: "s-general-1x1", price: "181000" },
  { id: "s-general-2x4", price: "520000" },
  { id: "dev.v1.small1x1", price: "90000" },
  { id: "root-disk-20", price: "35000" },
];

beforeAll(async () => {
  await putCatalogue();
  // The fixture's product, with the SKUs of the worked examples.
  const [vserver] = PRODUCTS;
  if (!vserver) throw new Error("no product");
  const { id, version: _, ...product } = vserver;
  const resourceTypes = product.resourceTypes.map((type) => {
    const [sample] = type.skus;
    if (type.id !== "server" || !sample) return type;
    const skus = GOLDEN.map(({ id, price }) => ({ ...sample, id, name: id, unitPrice: price }));
    return { ...type, skus: [...type.skus, ...skus] };
  });
  bodyOf(await admin.put(`/v1/catalog/products/${id}`, { ...product, resourceTypes }), 200);
});
afterEach(async () => void (await resetClock()));

const saigon = (date: string) =>
  new Date(`${date.length === 10 ? `${date}T00:00` : date}:00+07:00`).toISOString();
const of = (sku: string, more: ItemRequest = {}): ItemRequest => ({
  configuration: [{ sku, quantity: 1 }],
  ...more,
});
const sound = async (account: TestAccount) => expect(await account.object.audit()).toEqual([]);

describe("the worked examples", () => {
  const [upgrade] = pricing.resize;
  const [renewal] = pricing.renew;
  if (!upgrade || !renewal) throw new Error("no examples");

  it("an upgrade in mid-term costs the difference for the time left", async () => {
    await setClock(saigon("2023-03-06"));
    const account = await openAccount(2_000_000);
    const server = await account.serve(of("s-general-1x1", { period: { months: 3 } }));
    expect((await account.resource(server)).endAt).toBe(saigon(upgrade.end));
    await setClock(saigon(upgrade.at));
    const order = bodyOf(await account.placeFor("resize", server, of("s-general-2x4")), 201);
    expect(order).toMatchObject({
      total: upgrade.toPay,
      lines: [{ billedMinutes: upgrade.minutesLeft, refund: 0 }],
    });
    expect(bodyOf(await account.pay(order.id), 200)).toMatchObject({ amount: upgrade.toPay, refund: 0 });
    expect(await account.resource(server)).toMatchObject({ isBusy: true, state: "active" });
    expectProblem(await account.remove(server), { status: 409, code: "resource_busy" });
    await account.answer(order.id);
    expect(await account.resource(server)).toMatchObject({
      isBusy: false,
      endAt: saigon(upgrade.end),
      configuration: [{ sku: "s-general-2x4", quantity: 1 }],
    });
    const [replacing, first] = await account.invoices();
    const [note] = await account.creditNotes();
    expect(note).toMatchObject({ total: upgrade.oldValue, invoice: first?.code, reason: "resize" });
    expect(replacing).toMatchObject({
      total: upgrade.newValue,
      status: "paid",
      period: { endAt: saigon(upgrade.end) },
    });
    expect(first).toMatchObject({ total: 543_000, creditedBy: [note?.code], supersededBy: replacing?.code });
    await sound(account);
  });

  it("two months more cost two unit prices", async () => {
    await setClock(saigon("2023-03-06"));
    const account = await openAccount(1_000_000);
    const server = await account.serve(of("s-general-1x1"));
    expect((await account.resource(server)).endAt).toBe(saigon(renewal.end));
    const order = bodyOf(await account.placeFor("renew", server, { period: { months: 2 } }), 201);
    expect(order).toMatchObject({
      total: renewal.toPay,
      lines: [{ endAt: saigon(renewal.newEnd) }],
      quoteExpiresAt: null,
    });
    expect(bodyOf(await account.pay(order.id), 200)).toMatchObject({ amount: renewal.toPay });
    expect(await account.order(order.id)).toMatchObject({
      status: "completed",
      lines: [{ status: "active" }],
    });
    expect(await account.resource(server)).toMatchObject({ endAt: saigon(renewal.newEnd), state: "active" });
    const [invoice] = await account.invoices();
    expect(invoice).toMatchObject({ total: renewal.toPay, order: order.id, status: "paid" });
    expect((await account.payments())[0]).toMatchObject({ amount: renewal.toPay, invoices: [invoice?.code] });
    expect(await account.available()).toBe(1_000_000 - 181_000 - renewal.toPay);
    await sound(account);
  });
});

describe("deleting", () => {
  it("answers the refund and its credit notes, once for each key", async () => {
    await setClock(saigon("2023-03-06"));
    const account = await openAccount(1_000_000);
    const server = await account.serve();
    await setClock(saigon("2023-03-21"));
    const answer = await account.remove(server, { key: "delete" });
    const { refund, creditNotes, state } = bodyOf(answer, 200);
    expect([refund, creditNotes.length, state]).toEqual([45_000, 1, "deleted"]);
    expect(await account.remove(server, { key: "delete" })).toMatchObject({
      replayed: true,
      body: answer.body,
    });
    expectProblem(await account.remove(server), { status: 409, code: "resource_deleted" });
    expect(
      bodyOf(await account.user.get(`${account.path}/credit-notes/${creditNotes[0]}`), 200),
    ).toMatchObject({
      total: 45_000,
      tax: 4_091,
      reason: "delete",
      lines: [{ gross: 45_000, tax: 4_091, items: [{ sku: "small", amount: 45_000 }] }],
    });
    expect((await account.payments())[0]).toMatchObject({ kind: "refund", amount: 45_000, method: "credit" });
    expect((await account.creditTransactions())[0]).toMatchObject({ type: "refund", amount: 45_000 });
    expect(await account.available()).toBe(955_000);
    await sound(account);
  });

  it("into the trash can be undone by recovering, for as long as it is there", async () => {
    await setClock(saigon("2023-03-06"));
    const account = await openAccount(1_000_000);
    const gold = { resourceType: "package", period: { months: 3 } };
    const stored = await account.serve({ ...gold, configuration: [{ sku: "gold", quantity: 30 }] });
    const { deletesAt, refund } = bodyOf(await account.remove(stored), 200);
    expect([deletesAt, refund]).toEqual([saigon("2023-03-13"), 157_500]);
    expectProblem(await account.remove(stored), { status: 409, code: "resource_in_trash" });
    expectProblem(await account.placeFor("renew", stored, gold), { status: 409, code: "resource_in_trash" });
    const { order } = await account.act("recover", stored, gold);
    await account.answer(order);
    expect(await account.resource(stored)).toMatchObject({
      state: "active",
      deletesAt: null,
      endAt: saigon("2023-06-06"),
    });
    await sound(account);
  });
});

describe("a resource's switches", () => {
  it("stop and start it, for its owner and its product", async () => {
    const account = await openAccount(SMALL_MONTH);
    const server = await account.serve();
    const path = `${account.path}/resources/${server}`;
    expect(bodyOf(await account.console.post(`${path}/stop`), 200)).toMatchObject({ state: "stopped" });
    expect(bodyOf(await account.user.post(`${path}/stop`), 200)).toMatchObject({ state: "stopped" });
    expect(bodyOf(await account.user.post(`${path}/start`), 200)).toMatchObject({ state: "active" });
  });

  it("set its tags, by which it is found", async () => {
    const account = await openAccount(SMALL_MONTH);
    const server = await account.serve();
    const put = (tags: unknown) => account.user.put(`${account.path}/resources/${server}/tags`, tags);
    expect(bodyOf(await put({ team: "billing", env: "prod" }), 200)).toMatchObject({
      tags: { team: "billing", env: "prod" },
    });
    expect(bodyOf(await put({ team: "core" }), 200)).toMatchObject({ tags: { team: "core" } });
    const found = await account.user.get<{ data: unknown[] }>(`${account.path}/resources?tag=team:core`);
    expect(bodyOf(found, 200).data).toHaveLength(1);
    for (const wrong of [
      '{"__proto__":"x"}',
      { "a b": "x" },
      { a: 1 },
      { a: "" },
      { a: "x\ny" },
      [],
      "tags",
    ]) {
      expectProblem(await put(wrong), {
        status: 400,
        code: wrong === "tags" ? "malformed_json" : "invalid_request",
      });
    }
  });

  it("keep their tags where a body is missing, or isn't told to be JSON", async () => {
    const account = await openAccount(SMALL_MONTH);
    const path = `${account.path}/resources/${await account.serve()}/tags`;
    bodyOf(await account.user.put(path, { team: "billing" }), 200);
    expectProblem(await account.user.put(path, undefined), { status: 400, code: "malformed_json" });
    const plain = { headers: { "Content-Type": "text/plain" } };
    expectProblem(await account.user.put(path, { team: "core" }, plain), {
      status: 415,
      code: "unsupported_media_type",
    });
    const found = await account.user.get<{ data: unknown[] }>(`${account.path}/resources?tag=team:billing`);
    expect(bodyOf(found, 200).data).toHaveLength(1);
  });

  it("turn auto-renewal on and off, where the type has it", async () => {
    const account = await openAccount(10 * SMALL_MONTH);
    const server = await account.serve();
    expect(bodyOf(await account.autoRenew(server, true, 3), 200).autoRenew).toEqual({
      enabled: true,
      months: 3,
    });
    expect(bodyOf(await account.autoRenew(server, false), 200).autoRenew.enabled).toBe(false);
    expectProblem(await account.autoRenew(server, true, 61), {
      status: 400,
      code: "invalid_request",
      path: "months",
    });
  });

  it("leave auto-renewal on where only support turns it off", async () => {
    const [, vmonitor] = PRODUCTS;
    if (!vmonitor) throw new Error("no product");
    const { id, version: _, ...product } = vmonitor;
    const resourceTypes = product.resourceTypes.map((type) => ({
      ...type,
      autoRenewable: true,
      autoRenewOffBy: "support",
    }));
    bodyOf(await admin.put(`/v1/catalog/products/${id}`, { ...product, resourceTypes }), 200);
    const account = await openAccount(1_000_000);
    const monitor = productConsole(VMONITOR);
    const request = {
      action: "create",
      returnUrl: "https://monitor.example/",
      lines: [
        {
          resourceType: "quota",
          name: "q",
          configuration: [{ sku: "metrics", quantity: 1 }],
          period: { months: 1 },
          autoRenew: { enabled: true, months: 1 },
        },
      ],
    };
    const { id: order } = bodyOf(await monitor.post<{ id: string }>(`${account.path}/orders`, request), 201);
    const paid = bodyOf(await account.pay(order), 200);
    const quota = paid.lines[0]?.resource ?? "";
    await monitor.post(`${account.path}/resources/${quota}/provisioning`, {
      orderLine: `${order}.1`,
      status: "succeeded",
    });
    expectProblem(await account.autoRenew(quota, false), { status: 403, code: "auto_renew_off_by_support" });
    const off = await admin.put(`${account.path}/resources/${quota}/auto-renew`, { enabled: false });
    expect(bodyOf(off, 200)).toMatchObject({ autoRenew: { enabled: false } });
  });
});

describe("orders about resources", () => {
  it("don't know another account's or another product's", async () => {
    const [mine, other] = [await openAccount(SMALL_MONTH), await openAccount(SMALL_MONTH)];
    const server = await mine.serve();
    expectProblem(await other.placeFor("renew", server, { period: { months: 1 } }), {
      status: 404,
      code: "resource_not_found",
    });
    expectProblem(await other.remove(server), { status: 404, code: "resource_not_found" });
    const monitor = productConsole(VMONITOR);
    expectProblem(await monitor.delete(`${mine.path}/resources/${server}`), {
      status: 404,
      code: "resource_not_found",
    });
  });

  it("name the resource, and for a resize its configuration", async () => {
    const account = await openAccount(SMALL_MONTH);
    const server = await account.serve();
    const place = (action: string, line: object) =>
      account.console.post(`${account.path}/orders`, {
        action,
        lines: [{ resourceType: "server", ...line }],
        returnUrl: "https://console.example/",
      });
    expectProblem(await place("renew", { period: { months: 1 } }), {
      status: 400,
      code: "invalid_request",
      path: "lines[0].resourceId",
    });
    expectProblem(await place("resize", { resourceId: server }), {
      status: 400,
      code: "invalid_request",
      path: "lines[0].configuration",
    });
    expectProblem(await place("renew", { resourceId: server }), {
      status: 422,
      code: "period_required",
      path: "lines[0].period",
    });
  });

  it("for more time are open to whoever may renew, others only to whoever may manage", async () => {
    const account = await openAccount(SMALL_MONTH);
    const server = await account.serve();
    const renewer = userOf(account.id, ["RenewResources"]);
    const place = (action: string, line: object) =>
      renewer.post(`${account.path}/orders`, {
        action,
        product: VSERVER,
        returnUrl: "https://console.example/",
        lines: [{ resourceType: "server", resourceId: server, ...line }],
      });
    expect((await place("renew", { period: { months: 1 } })).status).toBe(201);
    expectProblem(await place("resize", of("s-general-1x1")), { status: 403, code: "forbidden" });
  });
});

describe("a year that passes", () => {
  it("renews by itself while there is credit, then restricts, suspends and deletes", {
    timeout: 60_000,
  }, async () => {
    await setClock("2023-03-06T03:15:00Z");
    const account = await openAccount(3 * SMALL_MONTH);
    const server = await account.serve({ autoRenew: { enabled: true, months: 1 } });
    const { ran } = await advanceClock("2024-03-06T03:15:00Z");
    const mine = ran.filter((run) => run.account === account.id && run.ran !== "reminded");
    expect(mine.map((run) => `${run.dueAt.slice(0, 16)} ${run.ran}`)).toEqual([
      "2023-03-30T01:00 renewed",
      "2023-04-29T01:00 renewed",
      "2023-05-30T01:00 renewal_failed",
      "2023-06-02T01:00 renewal_failed",
      "2023-06-05T01:00 renewal_failed",
      "2023-06-06T01:00 renewal_failed",
      "2023-06-06T03:15 restricted",
      "2023-06-21T03:15 suspended",
      "2023-07-06T03:15 deleted",
    ]);
    expect(await account.resource(server)).toMatchObject({ state: "deleted", autoRenew: { enabled: false } });
    expect(await account.available()).toBe(0);
    const mailbox = await admin.get<{ data: { subject: string; at: string }[] }>(
      "/v1/sandbox/mailbox?to=an@example.com",
    );
    expect(bodyOf(mailbox, 200).data.length).toBeGreaterThan(15);
    await sound(account);
  });
});
