import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import type { CommandRequest, Outcome } from "../../src/account/client.ts";
import type { KeyedRequest } from "../../src/account/idempotency.ts";
import { ORPHAN_AFTER_MS } from "../../src/coupon/coupon-object.ts";
import type { Account, AccountSettings } from "../../src/domain/account.ts";
import { type AttemptId, orderPaidBy } from "../../src/domain/attempts/attempt.ts";
import type { PayOrder } from "../../src/domain/commands/pay-order.ts";
import type { Coupon } from "../../src/domain/coupon.ts";
import type { Command } from "../../src/domain/decide.ts";
import { isFinal } from "../../src/domain/errors.ts";
import type {
  AccountId,
  CouponCode,
  OrderId,
  PaymentId,
  ResourceId,
  ShareId,
  SkuId,
} from "../../src/domain/ids.ts";
import type { LinkedAccountId } from "../../src/domain/linking/linked-account.ts";
import type { UsageEvent } from "../../src/domain/metering/usage-event.ts";
import { money } from "../../src/domain/money.ts";
import type { Order } from "../../src/domain/order.ts";
import type { RefundId } from "../../src/domain/refunds/source-refund.ts";
import { usageObject } from "../../src/usage/usage-object.ts";
import { freshId, redemptionsOf } from "../support/api.ts";
import { productOf, VSERVER } from "../support/catalogue.ts";
import { type Contents, contents, projectionOf, readSideOf, readTables, without } from "../support/tables.ts";
import { ACCOUNTS, COUPONS, commandsOf, quotedProduct, type Step, type World } from "./generators.ts";

const START_MS = Date.UTC(2027, 0, 30, 8, 30, 17, 5);
const MINUTE_MS = 60_000;
/** Time does so many things at most to what an account has, however far it jumps. */
const MAX_RUNS = 50;

/** Tables that a refused command may add to, or that change by themselves as their rows are delivered. */
const NOT_STATE = ["idempotency", "outbox", "console_calls", "audit_trail"];

interface Sent {
  readonly request: CommandRequest & { readonly keyed: KeyedRequest };
  outcome: Outcome<unknown>;
}

const isStored = (outcome: Outcome<unknown>): boolean =>
  (outcome.kind === "answered" && !isTooLate(outcome.answer)) ||
  (outcome.kind === "refused" && isFinal(outcome.error));

/** A refusal with an effect: it depends on the present state, and is decided anew each time. */
const isTooLate = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && "isTooLate" in answer && answer.isTooLate === true;

const changedSomething = (outcome: Outcome<unknown>): boolean =>
  outcome.kind === "answered" && !outcome.replayed;

/** The same request as it comes again: the worker gives what is to be made new ids. */
function comingAgain(command: Command, nextId: World["nextId"]): Command {
  switch (command.type) {
    case "place_order":
      return { ...command, order: nextId("ord") as OrderId };
    case "pay_order":
      return { ...command, payment: nextId("pay") as PaymentId };
    case "start_link":
      return { ...command, link: nextId("link") as LinkedAccountId };
    case "begin_auto_top_up":
    case "start_top_up":
      return { ...command, payment: nextId("pay") as AttemptId };
    case "share_order":
      return { ...command, share: nextId("shr") as ShareId };
    case "start_refund":
      return { ...command, refund: nextId("ref") as RefundId };
    default:
      return command;
  }
}

/** One account, what was asked of it, and what it consisted of after the last step. */
class FuzzedAccount {
  readonly id = freshId<AccountId>("acc");
  readonly sent: Sent[] = [];
  contents: Contents | null = null;
  digest = "";
  #whole = "";

  get stub() {
    return env.ACCOUNTS.getByName(this.id);
  }

  get account(): Account {
    const account = this.contents?.account;
    if (!account) throw new Error("the account was never opened");
    return account;
  }

  /** Looks at everything the account consists of; it must be sound. */
  async look(): Promise<void> {
    await runInDurableObject(this.stub, async (instance, { storage }) => {
      const tables = readTables(storage.sql);
      const whole = JSON.stringify(tables);
      if (whole === this.#whole) return;
      expect(await instance.audit()).toEqual([]);
      this.#whole = whole;
      this.digest = JSON.stringify(without(tables, ...NOT_STATE));
      this.contents = contents(tables);
    });
    if (!this.contents) return;
    const { invoices, creditNotes, payments, resources } = this.contents;
    for (const numbered of [[...invoices, ...creditNotes], payments, resources]) {
      const numbers = numbered.map(({ n }) => n).sort((a, b) => a - b);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    }
  }
}

/** Runs steps against accounts and coupons nobody else uses, and checks every invariant after each. */
export class Sequence {
  readonly #accounts = Array.from({ length: ACCOUNTS }, () => new FuzzedAccount());
  readonly #coupons: readonly Coupon[];
  #nowMs = START_MS;
  #ids = 0;
  #hasCrashed = false;

  constructor() {
    const rules = {
      currency: "VND",
      validFromMs: null,
      validUntilMs: null,
      products: null,
      minimumOrder: null,
      limit: null,
      limitPerAccount: null,
    } as const;
    const code = () => freshId<CouponCode>("CPN");
    this.#coupons = [
      { ...rules, code: code(), value: { kind: "amount", amount: money(33_333) }, limit: 3 },
      {
        ...rules,
        code: code(),
        value: { kind: "percent", percent: "12.5", cap: money(40_000) },
        limitPerAccount: 1,
        minimumOrder: money(50_000),
      },
      { ...rules, code: code(), value: { kind: "percent", percent: "100", cap: null }, limit: 2 },
      {
        ...rules,
        code: code(),
        value: { kind: "amount", amount: money(1) },
        validUntilMs: START_MS + 3 * 1_440 * MINUTE_MS,
      },
    ];
    expect(this.#coupons).toHaveLength(COUPONS);
  }

  async open(): Promise<void> {
    for (const coupon of this.#coupons) await env.COUPONS.getByName(coupon.code).define(coupon);
    for (const account of this.#accounts) {
      const settings: AccountSettings = {
        id: account.id,
        shortId: account.id,
        email: "an@example.com",
        name: "An",
        billingMode: "prepaid",
        currency: "VND",
        timeZone: "Asia/Ho_Chi_Minh",
        locale: "vi",
        postpaidLimit: null,
        suspendOverdueDays: null,
      };
      const grant = {
        type: "grant_credit",
        amount: money(400_000),
        reason: "to begin with",
        reference: "g",
      } as const;
      for (const command of [{ type: "configure_account", account: settings } as const, grant]) {
        expect(await this.#execute(account, this.#request(command, null))).toMatchObject({
          kind: "answered",
        });
      }
      await account.look();
    }
  }

  /** One step, and the look at the coupons after it; the accounts are looked at on the way. */
  async run(step: Step): Promise<void> {
    await this.#run(step);
    if (!this.#hasCrashed) await this.#expectCouponsToBelongToOrders();
  }

  async #run(step: Step): Promise<void> {
    switch (step.kind) {
      case "command":
        return this.#command(step);
      case "again":
        return this.#again(step);
      case "together":
        return this.#together(step);
      case "purchase":
        return this.#purchase(step);
      case "change":
        return this.#change(step);
      case "rush":
        return this.#rush(step);
      case "twice":
        return this.#twice(step);
      case "usage":
        return this.#usage(step);
      case "time":
        this.#nowMs += step.byMinutes * MINUTE_MS;
        if (step.runsDue) for (const account of this.#accounts) await this.#runDue(account);
        return;
      case "run_due":
        return this.#runDue(this.#account(step.account));
      case "crash":
        this.#hasCrashed = true;
        await abortAllDurableObjects();
        for (const account of this.#accounts) await this.#expectUnchanged(account);
    }
  }

  /** What must hold once everything is delivered. */
  async close(): Promise<void> {
    if (this.#hasCrashed) await this.#askAboutOrphans();
    for (const account of this.#accounts) {
      const { cursor, ...rows } = await readSideOf(account.id);
      const own = await this.#delivered(account);
      expect(rows).toEqual(projectionOf(own));
      expect(cursor).toMatchObject({ epoch: own.epoch, dueAtMs: own.indexedDueAtMs });
      const earliestMs = Math.min(...own.timers.map(({ dueAtMs }) => dueAtMs));
      if (own.timers.length > 0) expect(cursor?.dueAtMs).toBeLessThanOrEqual(earliestMs);
    }
    await this.#expectCouponsToBelongToOrders();
  }

  async #command({ account: number, plan, caller, isKeyed }: Step & { kind: "command" }): Promise<void> {
    const account = this.#account(number);
    const command = plan.make(this.#world(account));
    const keyed = isKeyed
      ? { caller: caller.role, key: this.#nextId("key"), hash: this.#nextId("hash") }
      : null;
    const request = { ...this.#request(command, keyed), caller };
    const outcome = await this.#execute(account, request);
    if (keyed) account.sent.push({ request: { ...request, keyed }, outcome });
    await this.#expectChangesOnlyFrom(account, [outcome]);
  }

  async #again({ account: number, age, isOther }: Step & { kind: "again" }): Promise<void> {
    const account = this.#account(number);
    const sent = account.sent.at(-1 - age);
    if (!sent) return;
    const { request } = sent;
    if (isOther) {
      const keyed = { ...request.keyed, hash: "of another request" };
      const outcome = await this.#execute(account, { ...request, keyed });
      if (isStored(sent.outcome)) expect(outcome).toEqual({ kind: "key_reused" });
      else if (isStored(outcome)) account.sent.splice(account.sent.indexOf(sent), 1);
      return this.#expectChangesOnlyFrom(account, [outcome]);
    }
    const outcome = await this.#execute(account, {
      ...request,
      command: comingAgain(request.command, this.#nextId),
      simulatedNowMs: this.#nowMs,
    });
    if (isStored(sent.outcome)) expect(outcome).toEqual({ ...sent.outcome, replayed: true });
    sent.outcome = outcome;
    await this.#expectChangesOnlyFrom(account, [outcome]);
  }

  async #together({ account: number, plans, isOneKey }: Step & { kind: "together" }): Promise<void> {
    const account = this.#account(number);
    const world = this.#world(account);
    const key = this.#nextId("key");
    const requests = plans.map((plan) => {
      const keyed = { caller: "user", key: isOneKey ? key : this.#nextId("key"), hash: this.#nextId("hash") };
      return this.#request(plan.make(world), keyed);
    });
    const outcomes = await Promise.all(requests.map((request) => this.#execute(account, request)));
    if (isOneKey) expect(outcomes.filter(isStored).length).toBeLessThanOrEqual(1);
    await this.#expectChangesOnlyFrom(account, outcomes);
  }

  async #purchase(step: Step & { kind: "purchase" }): Promise<void> {
    const account = this.#account(step.account);
    const commands = commandsOf(step.purchase, this.#world(account));
    for (const command of commands) await this.#ask(account, command);
    const paid = commands.find((command) => command.type === "pay_order");
    if (paid && step.isDelivered) await this.#deliver(account, paid.order);
  }

  async #change({ account: number, plan, grant, isDelivered }: Step & { kind: "change" }): Promise<void> {
    const account = this.#account(number);
    const placed = plan.make(this.#world(account));
    if (placed.type !== "place_order") throw new Error(`${placed.type} is no order`);
    const { order } = placed;
    if (grant > 0) {
      const credit = { amount: money(grant), reason: "to change with", reference: this.#nextId("grant") };
      await this.#ask(account, { type: "grant_credit", ...credit });
    }
    await this.#ask(account, placed);
    const payment = this.#nextId("pay") as PaymentId;
    const found = account.contents?.orders.find(({ id }) => id === order);
    const [way = "prepaid"] = found?.quote.soldAs ?? [];
    const method = way === "prepaid" || way === "postpaid" ? "credit" : way;
    const product = quotedProduct(found);
    await this.#ask(account, { type: "pay_order", order, method, payment, reservedCoupon: null, product });
    if (isDelivered) await this.#deliver(account, order);
  }

  /** The console's success for every line of an order that waits for it. */
  async #deliver(account: FuzzedAccount, id: OrderId): Promise<void> {
    const order = account.contents?.orders.find((candidate) => candidate.id === id);
    for (const { id: line, resource, status } of order?.quote.lines ?? []) {
      if (status !== "provisioning" || !resource) continue;
      await this.#ask(account, {
        type: "answer_provisioning",
        resource,
        line,
        outcome: { status: "succeeded" },
      });
    }
  }

  async #ask(account: FuzzedAccount, command: Command): Promise<void> {
    const outcome = await this.#execute(account, this.#request(command, null));
    await this.#expectChangesOnlyFrom(account, [outcome]);
  }

  async #rush({ account: number, purchases, covered, meanwhile }: Step & { kind: "rush" }): Promise<void> {
    const account = this.#account(number);
    const payments: PayOrder[] = [];
    for (const purchase of purchases) {
      for (const command of commandsOf(purchase, this.#world(account))) {
        if (command.type === "pay_order") payments.push(command);
        else await this.#execute(account, this.#request(command, null));
      }
    }
    await account.look();
    const [first] = payments;
    if (!first) return;
    const totals = payments.map(({ order }) => this.#totalOf(account, order));
    const wanted = totals.slice(0, covered).reduce((sum, total) => sum + total, 0);
    const amount = money(wanted - (account.contents?.wallets.available ?? 0));
    const commands: Command[] = [...payments];
    if (meanwhile === "cancel") commands.push({ type: "cancel_order", order: first.order });
    if (meanwhile === "change") {
      const product = productOf(VSERVER);
      commands.push({
        type: "change_order",
        ...{ order: first.order, product, everyItem: { quantity: 2 }, changes: [], coupon: null },
      });
    }
    await this.#execute(
      account,
      this.#request({ type: "grant_credit", amount, reason: "just enough", reference: "r" }, null),
    );
    await account.look();
    const outcomes = await Promise.all(
      commands.map((command) => this.#execute(account, this.#request(command, null))),
    );
    await this.#expectChangesOnlyFrom(account, outcomes);
  }

  #totalOf(account: FuzzedAccount, id: OrderId): number {
    return account.contents?.orders.find((order) => order.id === id)?.quote.total ?? 0;
  }

  async #twice({ account: number, plan }: Step & { kind: "twice" }): Promise<void> {
    const account = this.#account(number);
    const command = plan.make(this.#world(account));
    const keyed = { caller: "user", key: this.#nextId("key"), hash: this.#nextId("hash") };
    const requests = [command, comingAgain(command, this.#nextId)].map((same) => this.#request(same, keyed));
    const outcomes = await Promise.all(requests.map((request) => this.#execute(account, request)));
    const [one, other] = outcomes;
    if (one && isStored(one)) {
      expect(outcomes.filter((outcome) => "replayed" in outcome && outcome.replayed)).toHaveLength(1);
      expect({ ...other, replayed: false }).toEqual({ ...one, replayed: false });
    }
    await this.#expectChangesOnlyFrom(account, outcomes);
  }

  /** What is reported is kept elsewhere: the account stays as it is, and what the meters say is billed later. */
  async #usage({ account: number, events: reported }: Step & { kind: "usage" }): Promise<void> {
    const account = this.#account(number);
    const used = (account.contents?.resources ?? []).filter(
      ({ resourceType }) => resourceType === "balancer",
    );
    const events = reported.map(
      (event): UsageEvent => ({
        ...{ id: `e${event.id}`, sku: event.sku as SkuId, key: null, quantity: event.quantity },
        resource: used[event.resource % Math.max(used.length, 1)]?.id ?? ("res_never" as ResourceId),
        atMs: this.#nowMs - event.hoursAgo * 60 * MINUTE_MS,
      }),
    );
    const about = [...new Set(events.map(({ resource }) => resource))];
    const service = await account.stub.metered(about, { role: "product", product: VSERVER });
    if (!service) throw new Error("the account was never opened");
    const report = { product: VSERVER, events, ...service, nowMs: this.#nowMs };
    const results = await usageObject(env, account.id).count(report);
    expect(results.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    const again = await usageObject(env, account.id).count(report);
    for (const [index, { status }] of results.entries())
      if (status !== "refused") expect(again[index]?.status).toBe("duplicate");
    await this.#expectUnchanged(account);
  }

  /** Has everything happen that is due; then nothing is, and asking again changes nothing. */
  async #runDue(account: FuzzedAccount): Promise<void> {
    for (let round = 0; ; round += 1) {
      const { ran } = await account.stub.runDue(this.#nowMs, true);
      for (const { dueAtMs } of ran) expect(dueAtMs).toBeLessThanOrEqual(this.#nowMs);
      await account.look();
      if (ran.length === 0) break;
      expect(round).toBeLessThan(MAX_RUNS);
    }
    await account.stub.runDue(this.#nowMs, true);
    await this.#expectUnchanged(account);
    for (const { dueAtMs } of account.contents?.timers ?? []) expect(dueAtMs).toBeGreaterThan(this.#nowMs);
  }

  /** Whatever was refused or given before must have changed nothing; and the account must be sound. */
  async #expectChangesOnlyFrom(account: FuzzedAccount, outcomes: readonly Outcome<unknown>[]): Promise<void> {
    if (outcomes.some(changedSomething)) await account.look();
    else await this.#expectUnchanged(account);
  }

  async #expectUnchanged(account: FuzzedAccount): Promise<void> {
    const before = account.digest;
    await account.look();
    expect(account.digest).toBe(before);
  }

  async #execute(account: FuzzedAccount, request: CommandRequest): Promise<Outcome<unknown>> {
    return account.stub.execute(request);
  }

  #request(command: Command, keyed: KeyedRequest | null): CommandRequest {
    return { command, keyed, caller: { role: "user" }, actor: null, simulatedNowMs: this.#nowMs };
  }

  #account(number: number): FuzzedAccount {
    const account = this.#accounts[number];
    if (!account) throw new Error(`there is no account ${number}`);
    return account;
  }

  #world(account: FuzzedAccount): World {
    return {
      nowMs: this.#nowMs,
      account: account.account,
      orders: account.contents?.orders ?? [],
      resources: account.contents?.resources ?? [],
      attempts: account.contents?.attempts ?? [],
      refunds: account.contents?.refunds ?? [],
      linkedAccounts: account.contents?.linkedAccounts ?? [],
      callbacks: account.contents?.callbacks ?? [],
      invoices: account.contents?.invoices ?? [],
      coupons: this.#coupons,
      nextId: this.#nextId,
    };
  }

  /** Ids grow, so that orders, which are kept by their id, are known in the order of their placing. */
  #nextId = (prefix: string): string => {
    this.#ids += 1;
    return `${prefix}_${String(this.#ids).padStart(6, "0")}`;
  };

  #delivered(account: FuzzedAccount): Promise<Contents> {
    return vi.waitFor(async () => {
      await account.look();
      expect(account.contents?.outbox).toEqual([]);
      if (!account.contents) throw new Error("the account has no contents");
      return account.contents;
    }, WAIT);
  }

  /** A crash may have taken along what would have given a use back; the coupon finds out when that is overdue. */
  async #askAboutOrphans(): Promise<void> {
    vi.setSystemTime(Date.now() + ORPHAN_AFTER_MS);
    for (const { code } of this.#coupons) await runDurableObjectAlarm(env.COUPONS.getByName(code));
  }

  async #expectCouponsToBelongToOrders(): Promise<void> {
    for (const { code, limit, limitPerAccount } of this.#coupons) {
      const due = this.#accounts.flatMap(({ id, contents }) =>
        (contents?.orders ?? [])
          .filter((order) => order.quote.coupon === code && (stands(order) || isHeld(order, contents)))
          .map((order) => ({
            order: order.id,
            account: id,
            spent: order.quote.lines.some(({ status }) => status === "active"),
          })),
      );
      const byOrder = <T extends { order: OrderId; account: AccountId }>(uses: readonly T[]) =>
        [...uses].sort((a, b) => (`${a.order}${a.account}` < `${b.order}${b.account}` ? -1 : 1));
      const uses = await vi.waitFor(async () => {
        const made = await redemptionsOf(code);
        expect(byOrder(made)).toEqual(byOrder(due));
        return made;
      }, WAIT);
      if (limit !== null) expect(uses.length).toBeLessThanOrEqual(limit);
      if (limitPerAccount === null) continue;
      for (const { id } of this.#accounts)
        expect(uses.filter(({ account }) => account === id).length).toBeLessThanOrEqual(limitPerAccount);
    }
  }
}

/** What is delivered after an answer is there soon. */
const WAIT = { timeout: 2_000, interval: 5 };

/** An attempt may still pay it: it keeps the use for that long. */
const isHeld = ({ id, payment }: Order, contents: Contents | null): boolean =>
  payment === null &&
  (contents?.attempts ?? []).some((attempt) => orderPaidBy(attempt) === id && !attempt.hasLetGo);

const stands = (order: Order): boolean => order.payment !== null && order.status !== "failed";
