import { accountObject } from "../account/client.ts";
import type { Attempt } from "../domain/attempts/attempt.ts";
import type { AccountId } from "../domain/ids.ts";
import { DAY_MS } from "../domain/local-time.ts";
import type { SourceRefund } from "../domain/refunds/source-refund.ts";
import { simulatedNowMs } from "../store/clock.ts";
import { ask } from "./attempts.ts";
import type { Finding } from "./integrity.ts";
import { standingOfRefund } from "./refunds.ts";

const LOOKS_BACK_MS = 2 * DAY_MS;
/** An account is compared by so many of its newest attempts, and refunds, at most. */
const MAX_COMPARED = 50;

/**
 * Where an account's attempts and refunds that ended in the last two days differ from what their gateways say now. Each
 * morning the account has the same asked by itself, and raises alerts. A gateway that can't be asked differs in nothing.
 */
export async function gatewayDifferences(env: Env, account: AccountId): Promise<Finding[]> {
  const simulatedMs = await simulatedNowMs(env);
  const sinceMs = (simulatedMs ?? Date.now()) - LOOKS_BACK_MS;
  const object = accountObject(env, account);
  const [attempts, refunds] = await Promise.all([
    object.endedAttempts(sinceMs, MAX_COMPARED),
    object.endedRefunds(sinceMs, MAX_COMPARED),
  ]);
  const problems = await Promise.all([
    ...attempts.map(async (attempt) => difference(attempt, await ask(env, attempt, simulatedMs))),
    ...refunds.map(async (refund) =>
      refundDifference(refund, await standingOfRefund(env, account, refund.id, simulatedMs)),
    ),
  ]);
  return problems
    .flatMap((problem) => problem ?? [])
    .map((problem) => ({ subject: account, invariant: 10, problem }));
}

function difference(
  { id, gateway, status, theirId, amount }: Attempt,
  said: Awaited<ReturnType<typeof ask>>,
): string | null {
  if (said.kind === "unknown") return null;
  if (status === "failed")
    return said.kind === "succeeded" ? `${gateway} took money for ${id}, which failed` : null;
  if (said.kind !== "succeeded") return `${gateway} says that ${id} is ${said.kind}, it succeeded`;
  const isSame = said.claim.theirId === theirId && said.claim.amountMinor === amount;
  return isSame ? null : `${gateway} took ${said.claim.amountMinor} as ${said.claim.theirId} for ${id}`;
}

function refundDifference(
  { id, gateway, status }: SourceRefund,
  { kind }: Awaited<ReturnType<typeof standingOfRefund>>,
): string | null {
  if (kind === "unknown") return null;
  if (status === "failed")
    return kind === "refunded" ? `${gateway} gave back what ${id} was to, which failed` : null;
  return kind === "refunded" ? null : `${gateway} says that ${id} is ${kind}, it succeeded`;
}
