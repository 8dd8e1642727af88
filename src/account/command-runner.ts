import { AUTO_TOP_UP_ID } from "../domain/auto-top-up/auto-top-up.ts";
import type { HearGateway } from "../domain/commands/hear-gateway.ts";
import type { PayOrder } from "../domain/commands/pay-order.ts";
import { type Command, decide } from "../domain/decide.ts";
import type { Done, NeedsCoupon, NeedsReadings } from "../domain/decision.ts";
import { type DomainError, isFinal } from "../domain/errors.ts";
import type { DayReading } from "../domain/metering/reading.ts";
import { err, type Result } from "../domain/result.ts";
import type { Alarm } from "./alarm.ts";
import type { AuditTrail } from "./audit-trail.ts";
import type { CommandRequest, Outcome } from "./client.ts";
import type { CouponUse } from "./coupon-use.ts";
import type { IdempotencyKeys, KeyedRequest } from "./idempotency.ts";
import { InFlight } from "./in-flight.ts";
import type { Recorder } from "./recorder.ts";
import type { AccountTables } from "./tables.ts";

type Decision = Result<Done<unknown>, DomainError>;

export interface CommandDeps {
  readonly tables: AccountTables;
  readonly recorder: Recorder;
  readonly keys: IdempotencyKeys;
  readonly coupons: CouponUse;
  readonly trail: AuditTrail;
  readonly alarm: Alarm;
  /** What the meters of a resource say of some time. */
  readings(needed: NeedsReadings): Promise<readonly DayReading[]>;
  /** Work that may outlive the answer. */
  afterwards(work: Promise<void>): void;
}

/** The rhythm of a command: read, decide, record in one transaction, answer. Once for each idempotency key. */
export class CommandRunner {
  readonly #deps: CommandDeps;
  readonly #inFlight = new InFlight<Outcome<unknown>>();

  constructor(deps: CommandDeps) {
    this.#deps = deps;
  }

  async run(request: CommandRequest): Promise<Outcome<unknown>> {
    const { keyed } = request;
    if (keyed === null) return this.#perform(request);
    const replay = this.#replayOf(keyed);
    if (replay) return replay;
    const joined = await this.#inFlight.join(keyed, () => this.#perform(request));
    switch (joined.kind) {
      case "first":
        return joined.outcome;
      case "same":
        return asReplay(joined.outcome);
      case "other":
        return { kind: "key_reused" };
      case "timeout":
        return { kind: "still_running" };
    }
  }

  #replayOf(keyed: KeyedRequest): Outcome<unknown> | null {
    const found = this.#deps.keys.find<Outcome<unknown>>(keyed);
    if (found.kind === "new") return null;
    return found.kind === "same" ? asReplay(found.outcome) : { kind: "key_reused" };
  }

  /** Synchronous for every command that needs nothing from elsewhere: then nothing comes between read and write. */
  #perform(request: CommandRequest): Outcome<unknown> | Promise<Outcome<unknown>> {
    const decided = this.#decide(request.command, request);
    if (!decided.ok) return this.#commit(request, decided);
    const { value } = decided;
    if (value.kind === "needs_product") throw new Error(`${request.command.type} was given without prices`);
    if (value.kind === "needs_use") throw new Error(`${request.command.type} was given without use`);
    if (value.kind === "needs_readings") return this.#withReadings(request, value);
    return value.kind === "done"
      ? this.#commit(request, { ok: true, value })
      : this.#useCoupon(request, value);
  }

  /** Asking the meters takes a while, too; what they said of other resources is kept. */
  async #withReadings(request: CommandRequest, needed: NeedsReadings): Promise<Outcome<unknown>> {
    const { command } = request;
    if (command.type !== "pay_order" && command.type !== "delete_resource" && command.type !== "place_order")
      throw new Error(`${command.type} doesn't look at meters`);
    if (command.readings?.[needed.resource]) throw new Error(`${needed.resource} was asked for twice`);
    const readings = { ...command.readings, [needed.resource]: await this.#deps.readings(needed) };
    return this.#perform({ ...request, command: { ...command, readings } });
  }

  /** Reserving a use of the coupon takes a while; afterwards everything is decided anew, on the order as it was quoted. */
  async #useCoupon(request: CommandRequest, { coupon, order }: NeedsCoupon): Promise<Outcome<unknown>> {
    const { tables, coupons, afterwards } = this.#deps;
    const { account } = tables.head();
    const { command } = request;
    if ((command.type !== "pay_order" && command.type !== "hear_gateway") || !account)
      throw new Error("only a payment uses a coupon");
    const quoted = JSON.stringify(tables.order(order));
    const reservation = { coupon, order, account: account.id, ...this.#agreement(command, request) };
    try {
      const refusal = await coupons.reserve(reservation);
      const isPaying = command.type === "pay_order";
      if (isPaying && refusal) return this.#commit(request, err(refusal));
      if (isPaying && JSON.stringify(tables.order(order)) !== quoted)
        return this.#commit(request, err({ code: "order_changed" }));
      const decided = this.#decide(
        isPaying
          ? { ...command, reservedCoupon: coupon }
          : { ...command, coupon: refusal ? "refused" : { reserved: coupon } },
        request,
      );
      if (!decided.ok) return this.#commit(request, decided);
      if (decided.value.kind !== "done") throw new Error(`${coupon} was reserved for another order`);
      return this.#commit(request, { ok: true, value: decided.value });
    } finally {
      const isWanted = tables.order(order)?.payment != null || tables.isHeldFor(order);
      afterwards(coupons.finish(reservation, isWanted));
    }
  }

  /** What a coupon is used for, and the instant at which it must be valid: when paying was agreed to. */
  #agreement(command: PayOrder | HearGateway, request: CommandRequest) {
    if (command.type === "pay_order") return { token: command.payment, atMs: nowMsOf(request) };
    const { attempt: token } = command;
    return { token, atMs: this.#deps.tables.attempt(token)?.createdAtMs ?? nowMsOf(request) };
  }

  #decide(command: Command, request: CommandRequest) {
    return decide(this.#deps.tables.state(), command, { caller: request.caller, nowMs: nowMsOf(request) });
  }

  /** Records a decision: what it made true, the answer to replay, messages, timers and alarm stand together or not at all. */
  #commit({ command, keyed, actor }: CommandRequest, decision: Decision): Outcome<unknown> {
    const { recorder, keys, trail, alarm } = this.#deps;
    const outcome: Outcome<unknown> = decision.ok
      ? { kind: "answered", answer: decision.value.answer, replayed: false }
      : { kind: "refused", error: decision.error, replayed: false };
    alarm.transaction(() => {
      if (decision.ok && decision.value.events.length > 0) {
        recorder.record(decision.value.events);
        if (actor) trail.add(actor, command.type, subjectOf(command), Date.now());
      }
      if (keyed && isReplayable(decision)) keys.add(keyed, outcome, Date.now());
    });
    return outcome;
  }
}

/** What a command is about. */
function subjectOf(command: Command): string {
  if ("resource" in command) return command.resource;
  if ("order" in command) return command.order;
  if ("recipient" in command) return command.recipient;
  if ("attempt" in command) return command.attempt;
  if ("link" in command) return command.link;
  if (command.type === "set_auto_top_up" || command.type === "run_auto_top_up") return AUTO_TOP_UP_ID;
  if ("payment" in command) return command.payment;
  if ("refund" in command) return command.refund;
  if ("callback" in command) return command.callback.id;
  if ("address" in command) return command.address;
  if ("reference" in command) return command.reference;
  return command.type === "configure_account" ? command.account.id : command.type;
}

const nowMsOf = ({ simulatedNowMs }: CommandRequest): number => simulatedNowMs ?? Date.now();

const asReplay = (outcome: Outcome<unknown>): Outcome<unknown> =>
  "replayed" in outcome ? { ...outcome, replayed: true } : outcome;

/** Successes and final refusals are given again; an account that doesn't exist remembers nothing. */
const isReplayable = (decision: Decision): boolean =>
  decision.ok
    ? !decision.value.isProvisional
    : isFinal(decision.error) && decision.error.code !== "account_not_found";
