import { accountObject, type CommandRequest, execute } from "../account/client.ts";
import type { Attempt, AttemptId } from "../domain/attempts/attempt.ts";
import type { HearGateway, Standing } from "../domain/commands/hear-gateway.ts";
import type { Command } from "../domain/decide.ts";
import type { GatewayClaim, GatewayName, GatewayStanding } from "../domain/gateway.ts";
import type { AccountId, CallbackId } from "../domain/ids.ts";
import { gatewaysOf, liveDeps } from "../gateways/installation.ts";
import type { Gateway, QueryOutcome } from "../gateways/port.ts";
import { log } from "../observability/log.ts";
import { simulatedNowMs } from "../store/clock.ts";

/** What this installation has keys for; business time as the caller has it. */
export const gatewaysAt = (env: Env, simulatedMs: number | null): ReadonlyMap<GatewayName, Gateway> =>
  gatewaysOf(
    env,
    liveDeps(env, () => simulatedMs ?? Date.now()),
  );

/** The queue's part: asks about an attempt, and has its account hear what the gateway says. */
export async function queryAttempt(env: Env, account: AccountId, id: AttemptId): Promise<void> {
  const found = await accountObject(env, account).attempt(id);
  if (found) await askAbout(env, account, found.attempt, await simulatedNowMs(env));
}

/** Asks an attempt's gateway, and has the account hear the answer; that there is none is one, too. */
export async function askAbout(
  env: Env,
  account: AccountId,
  attempt: Attempt,
  simulatedMs: number | null,
): Promise<void> {
  const answer = await ask(env, attempt, simulatedMs);
  const claim = answer.kind === "succeeded" ? answer.claim : null;
  const said = await hearing(attempt.gateway, attempt.id, "query", standingOf(answer, claim), claim);
  await execute(env, account, asCommand(said, simulatedMs));
}

/** What a gateway answers about an attempt. One that this installation has no keys for any more says nothing. */
export async function ask(env: Env, attempt: Attempt, simulatedMs: number | null): Promise<QueryOutcome> {
  const { id: reference, gateway, createdAtMs, expiresAtMs, createdAs } = attempt;
  const asked = gatewaysAt(env, simulatedMs).get(gateway);
  const answer: QueryOutcome = asked
    ? await asked.queryPayment({ reference, createdAtMs, expiresAtMs, createdAs })
    : { kind: "unknown", detail: "there are no keys for it" };
  if (answer.kind === "unknown") log("warn", "gateway_query_unknown", { gateway, detail: answer.detail });
  return answer;
}

/** A gateway's words as a command for the account that they are about. */
export async function hearing(
  gateway: GatewayName,
  attempt: AttemptId,
  source: HearGateway["source"],
  standing: Standing,
  claim: GatewayClaim | null,
): Promise<HearGateway> {
  return {
    type: "hear_gateway",
    ...{ gateway, attempt, source, standing },
    claim: claim && { merchant: claim.merchant, amount: claim.amountMinor, currency: claim.currency },
    filing: await filingOf(gateway, claim),
    coupon: { reserved: null },
  };
}

/** A success without the gateway's own number isn't certain enough to move money: its gateway is asked again. */
export function standingOf(said: GatewayStanding | QueryOutcome, claim: GatewayClaim | null): Standing {
  switch (said.kind) {
    case "succeeded":
      return claim?.theirId ? { kind: "succeeded", theirId: claim.theirId } : { kind: "unknown" };
    case "failed":
      return { kind: "failed", reason: said.reason };
    default:
      return { kind: said.kind };
  }
}

export const asCommand = <C extends Command>(command: C, simulatedMs: number | null): CommandRequest<C> => ({
  command,
  caller: { role: "admin" },
  keyed: null,
  actor: null,
  simulatedNowMs: simulatedMs,
});

const ID_DIGITS = 24;

/** The same claim is always filed under the same name. */
export async function filingOf(gateway: GatewayName, claim: GatewayClaim | null): Promise<CallbackId> {
  const { reference, merchant, amountMinor, currency, theirId } = claim ?? {};
  const text = JSON.stringify([gateway, reference, merchant, amountMinor, currency, theirId]);
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `cb_${hex.slice(0, ID_DIGITS)}` as CallbackId;
}

/** What a payment is for, as its gateway shows it. */
export function descriptionOf(account: AccountId, { pays }: Attempt): string {
  if (pays === null) return `Credit ${account}`;
  if (pays.kind === "order") return `Order ${pays.order}`;
  const [first] = pays.bills;
  return pays.bills.length === 1 && first ? `Invoice ${first.invoice}` : `Invoices ${account}`;
}
