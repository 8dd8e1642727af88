import { accountObject, execute } from "../account/client.ts";
import type { AttemptId } from "../domain/attempts/attempt.ts";
import { attemptOf, gatewayReferenceOf } from "../domain/gateway-reference.ts";
import type { AccountId } from "../domain/ids.ts";
import { simulatedNowMs } from "../store/clock.ts";
import { asCommand, gatewaysAt } from "./attempts.ts";
import { charge } from "./charges.ts";

/** Nobody stands behind a charge that is made by itself. */
const NO_CUSTOMER_IP = "127.0.0.1";

/** Buys credit for an account that wants it, or goes on with what it began: the account says whether, and how much. */
export async function topUp(env: Env, account: AccountId): Promise<void> {
  const simulatedMs = await simulatedNowMs(env);
  const object = accountObject(env, account);
  const wanted = await object.autoTopUp();
  const linked = wanted && (await object.linkedAccount(wanted.linkedAccount));
  if (!wanted || !linked) return;
  const underWay = wanted.attempt && (await object.attempt(wanted.attempt))?.attempt;
  const attempt = underWay ?? (await begin());
  const nowMs = simulatedMs ?? Date.now();
  const isToBeCharged = attempt?.status === "open" && attempt.redirectUrl === null;
  if (!isToBeCharged || nowMs >= attempt.expiresAtMs) return;
  const publicUrl = env.PUBLIC_URL ?? new URL(wanted.returnUrl).origin;
  await charge(env, account, attempt, { simulatedMs, publicUrl, customerIp: NO_CUSTOMER_IP });

  async function begin() {
    const gateway = linked && gatewaysAt(env, simulatedMs).get(linked.gateway);
    const objectId = env.ACCOUNTS.idFromName(account).toString();
    const random = attemptOf(crypto.getRandomValues(new Uint8Array(16)));
    const payment = gatewayReferenceOf({ objectId, attempt: random }) as AttemptId;
    const terms = gateway?.linking ? gateway : null;
    const command = {
      type: "begin_auto_top_up",
      payment,
      terms: terms && { name: terms.name, merchant: terms.merchant, limits: terms.limits },
    } as const;
    const outcome = await execute(env, account, asCommand(command, simulatedMs));
    return outcome.kind === "answered" ? outcome.answer : null;
  }
}
