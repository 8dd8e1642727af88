import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { directory } from "../../src/directory/directory-object.ts";
import type { CouponCode, ProductId, ResourceId } from "../../src/domain/ids.ts";
import { monthOf } from "../../src/domain/month.ts";
import { verifyAccount, verifyCoupon } from "../../src/jobs/integrity.ts";
import { usageObject } from "../../src/usage/usage-object.ts";
import { killCall } from "../integrity/journey.ts";
import {
  admin,
  bodyOf,
  type OrderView,
  openAccount,
  type Page,
  putCatalogue,
  putCoupon,
  type TestAccount,
} from "../support/api.ts";
import { PRODUCTS, VSERVER } from "../support/catalogue.ts";
import { Peer } from "../support/peer/peer.ts";
import { StandingQueue } from "../support/peer/queue.ts";
import { balancer } from "../usage/metered.ts";

/** Things that exist and belong together; a request is about one scene. */
export type Scene = Readonly<Record<string, unknown>>;

const CREDIT = 1_000_000_000;
const POSTPAID = { billingMode: "postpaid" };
const TRIAL_MS = 20 * 86_400_000;
/** A product whose console takes no call. */
const CALLED = "called" as ProductId;
const PUMP_EVERY_MS = 50;
/** What a refused call may set off and take back comes to rest within this time. */
const REST_MS = 1_000;

/** An installation with two tenants, and a third who pays by the month, and something of everything in it. */
export class World {
  readonly mine: TestAccount;
  readonly theirs: TestAccount;
  readonly owing: TestAccount;
  readonly #coupon: CouponCode;
  readonly #queue = new StandingQueue();
  readonly #balancers = new Map<TestAccount, OrderView>();
  #delivered: Promise<void> = Promise.resolve();
  #counts = "";

  private constructor(of: Pick<World, "mine" | "theirs" | "owing"> & { coupon: CouponCode }) {
    this.mine = of.mine;
    this.theirs = of.theirs;
    this.owing = of.owing;
    this.#coupon = of.coupon;
    setInterval(() => void this.#deliver(), PUMP_EVERY_MS);
  }

  static async open(): Promise<World> {
    // So many requests look like guesses; that those are slowed down is another test's.
    vi.spyOn(env.COUPON_GUESSES, "limit").mockResolvedValue({ success: true });
    await putCatalogue();
    const [product] = PRODUCTS;
    const peer = new Peer();
    await peer.answers({ status: 503 });
    const { id: _, version: _v, ...called } = { ...product, callbackUrl: peer.url };
    bodyOf(await admin.put(`/v1/catalog/products/${CALLED}`, called), 200);
    const [mine, theirs, owing] = [
      await openAccount(CREDIT),
      await openAccount(CREDIT),
      await openAccount(CREDIT, { settings: POSTPAID }),
    ];
    return new World({ mine, theirs, owing, coupon: await putCoupon({ amount: 1_000 }) });
  }

  /** New orders in every state, with what belongs to them. */
  async scenes(): Promise<Scene[]> {
    const { mine, theirs } = this;
    await this.#setRules();
    const placed = [await mine.place(), await mine.place({ quantity: 2 })];
    const withCoupon = await mine.placeWith(this.#coupon);
    const cancelled = bodyOf(await mine.cancel((await mine.place()).id), 200) as unknown as OrderView;
    const [waiting, served] = [await mine.placeAndPay(), await mine.placeAndPay()];
    await mine.provisionAll(served.id, "succeeded");
    const paid = [served, waiting, await mine.placeAndPay({ quantity: 2 })];
    const provisioned = await mine.placeAndPay();
    await mine.provisionAll(provisioned.id, "succeeded");
    const tried = await this.#trial();
    await mine.remove(await mine.serve());
    const [creditNote] = await mine.creditNotes();
    const failed = await mine.placeAndPay();
    await mine.provisionAll(failed.id, "failed");
    const [invoice] = await mine.invoices();
    const dead = await this.#deadCall();
    const strange = await theirs.placeAndPay();
    const used = await this.#used();
    const [held, billed] = [await this.#metered(mine), await this.#metered(this.owing)];
    await this.settled();
    const asked = await mine.user.post<{ id: string }>(`${mine.path}/recipients`, {
      email: "chi@example.com",
    });
    const mails = await admin.get<Page<{ id: string }>>(`/v1/admin/mails?status=sent&account=${mine.id}`);
    const [mail] = bodyOf(mails, 200).data;
    const address = await this.#address();
    const scene = (account: TestAccount, { id, lines }: OrderView, product: ProductId = VSERVER): Scene => ({
      ...{
        account: account.id,
        order: id,
        resource: lines[0]?.resourceId ?? "none",
        orderLine: lines[0]?.id,
      },
      ...{ product, coupon: this.#coupon, invoice: invoice?.code, mail: mail?.id, recipient: asked.body.id },
      creditNote: creditNote?.code,
      address,
      ...{
        resourceType: "server",
        returnUrl: "https://console.example/done",
        cancelUrl: "https://console.example/",
      },
      metered: (account === this.owing ? billed : held).lines[0]?.resourceId,
      ...{ event: crypto.randomUUID(), anotherEvent: crypto.randomUUID(), now: new Date().toISOString() },
    });
    // What can still be acted on stands here twice: it is asked about more often.
    const open = [...paid, ...placed].flatMap((order) => [order, order]);
    return [
      ...[...open, provisioned, tried, failed, withCoupon, cancelled].map((order) => scene(mine, order)),
      ...[scene(mine, dead, CALLED), scene(mine, dead, CALLED)],
      scene(theirs, strange),
      ...[scene(mine, held), scene(mine, held), scene(this.owing, billed)],
      ...[used, used, used, used].map(({ order, bill }) => ({ ...scene(this.owing, order), invoice: bill })),
    ];
  }

  /** Waits until what was sent to the queue has been dealt with. */
  async settled(): Promise<void> {
    await this.#deliver();
  }

  /** How everything stands that a refused call mustn't change. Two texts that differ say that something did. */
  async marks(): Promise<string> {
    const [readSide, names, uses, ...written] = await Promise.all([
      env.DB.prepare(await this.#countsQuery()).first(),
      runInDurableObject(directory(env), (_, { storage }) =>
        storage.sql.exec("SELECT count(*) AS names, sum(epoch) AS epochs FROM names").one(),
      ),
      env.COUPONS.getByName(this.#coupon).redemptions(),
      ...this.#accounts.map(({ object }) =>
        runInDurableObject(object, (_, { storage }) => ({
          head: storage.sql.exec("SELECT * FROM head").one(),
          ...sizes(storage.sql),
        })),
      ),
      ...this.#accounts.map(({ id }) =>
        runInDurableObject(usageObject(env, id), (_, { storage }) => sizes(storage.sql)),
      ),
    ]);
    return JSON.stringify({ readSide, names, uses, written }, null, 1);
  }

  /** The marks once they are the ones expected, or as they are when there was time enough. */
  async marksComingTo(expected: string): Promise<string> {
    const endsAtMs = performance.now() + REST_MS;
    for (;;) {
      const marks = await this.marks();
      if (marks === expected || performance.now() > endsAtMs) return marks;
      await scheduler.wait(10);
    }
  }

  /** What is wrong with the books, or with what the read side says of them. */
  async findings(): Promise<unknown[]> {
    const all = [...this.#accounts.map(({ id }) => verifyAccount(env, id)), verifyCoupon(env, this.#coupon)];
    return (await Promise.all(all)).flat();
  }

  /** Whatever requests have made of them meanwhile. */
  async #setRules(): Promise<void> {
    await putCoupon({ amount: 1_000 }, this.#coupon);
    for (const account of this.#accounts) {
      const settings = account === this.owing ? POSTPAID : {};
      bodyOf(await admin.put(account.path, { email: "an@example.com", name: "An", ...settings }), 200);
    }
    for (const account of [this.mine, this.owing]) {
      const { available } = (await account.balance()).credit;
      if (available < CREDIT) await account.grant(CREDIT - available);
    }
  }

  get #accounts(): readonly TestAccount[] {
    return [this.mine, this.theirs, this.owing];
  }

  /** A server that is paid by the month, and the bill of this one, which is closed before its time. */
  async #used(): Promise<{ order: OrderView; bill: string | undefined }> {
    const { owing } = this;
    const placed = await owing.place({ period: undefined as never });
    const order = await owing.provisionAll(placed.id, "succeeded");
    await owing.object.runDue(monthOf(Date.now(), "Asia/Ho_Chi_Minh").closesAtMs, true);
    const resource = order.lines[0]?.resourceId;
    return { order, bill: (await owing.invoices()).find((bill) => bill.resource === resource)?.code };
  }

  /** The account's balancer, which credit is held for or which is paid by the month: a new one where requests have ended it. */
  async #metered(account: TestAccount): Promise<OrderView> {
    const known = this.#balancers.get(account);
    const [line] = known?.lines ?? [];
    if (known && line?.resourceId && (await account.resource(line.resourceId)).state === "active")
      return known;
    const ordered = await account.console.post<OrderView>(`${account.path}/orders`, {
      ...{ action: "create", returnUrl: "https://console.example/" },
      lines: [{ resourceType: "balancer", name: "lb", configuration: balancer() }],
    });
    const { id, status } = bodyOf(ordered, 201);
    if (status === "awaiting_payment") bodyOf(await account.pay(id, { method: "hold" }), 200);
    const balancing = await account.provisionAll(id, "succeeded");
    this.#balancers.set(account, balancing);
    return balancing;
  }

  /** An invoice address that isn't the default. */
  async #address(): Promise<string | undefined> {
    const { mine } = this;
    const path = `${mine.path}/invoice-addresses`;
    const person = { type: "personal", name: "An", address: "Hà Nội", certified: true };
    for (let missing = 2; missing > 0; missing -= 1) await mine.user.post(path, person);
    const known = await mine.user.get<Page<{ id: string; default: boolean }>>(path);
    const others = bodyOf(known, 200).data.filter((address) => !address.default);
    for (const { id } of others.slice(1)) await mine.user.delete(`${path}/${id}`);
    return others[0]?.id;
  }

  /** A server that runs on trial money, unless requests have meanwhile made the wallet another. */
  async #trial(): Promise<OrderView> {
    const { mine } = this;
    const expiresAt = new Date(Date.now() + TRIAL_MS).toISOString();
    await admin.put(`${mine.path}/poc-wallet`, { amount: CREDIT, expiresAt });
    const placed = await mine.place();
    const { status } = await mine.pay(placed.id, { method: "poc" });
    return status === 200 ? mine.provisionAll(placed.id, "succeeded") : placed;
  }

  /** An order of the product whose console takes no call, tried in vain until somebody must decide. */
  async #deadCall(): Promise<OrderView> {
    const { mine } = this;
    const lines = [
      {
        resourceType: "server",
        name: "x",
        configuration: [{ sku: "small", quantity: 1 }],
        period: { months: 1 },
      },
    ];
    const request = { product: CALLED, action: "create", lines, returnUrl: "https://console.example/" };
    const { id } = bodyOf(await mine.user.post<OrderView>(`${mine.path}/orders`, request), 201);
    bodyOf(await mine.pay(id), 200);
    const order = await mine.order(id);
    const resource = order.lines[0]?.resourceId as ResourceId;
    await this.settled();
    await killCall(mine, resource);
    return order;
  }

  #deliver(): Promise<void> {
    this.#delivered = this.#delivered.then(() => this.#queue.drain());
    return this.#delivered;
  }

  /** One query that counts every table of D1, and reads what has its truth there. */
  async #countsQuery(): Promise<string> {
    if (this.#counts !== "") return this.#counts;
    const { results } = await env.DB.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE '%migrations%'",
    ).all<{ name: string }>();
    const counts = results.map(({ name }) => `(SELECT count(*) FROM ${name}) AS ${name}_rows`);
    const contents = [
      "(SELECT group_concat(secret) FROM webhook_secrets) AS secrets",
      "(SELECT sum(resends) FROM mails) AS resends",
      "(SELECT max(now_ms) FROM sandbox_clock) AS clock",
      "(SELECT group_concat(profile) FROM accounts) AS profiles",
    ];
    this.#counts = `SELECT ${[...counts, ...contents].join(", ")}`;
    return this.#counts;
  }
}

/** How much the tables of an object hold; a refusal may be remembered under its key. */
function sizes(sql: SqlStorage): object {
  const tables = sql
    .exec<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'
         AND name NOT IN ('idempotency', 'migrations')`,
    )
    .toArray();
  const counts = tables.map(({ name }) => {
    const columns = sql.exec<{ name: string }>(`SELECT name FROM pragma_table_info('${name}')`).toArray();
    const length = columns.map((column) => `total(length(${column.name}))`).join(" + ");
    return [name, sql.exec(`SELECT count(*) AS rows, ${length} AS length FROM ${name}`).one()];
  });
  return Object.fromEntries(counts);
}
