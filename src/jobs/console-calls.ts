import { accountObject } from "../account/client.ts";
import type { CallOutcome, PendingCall } from "../account/console-calls.ts";
import type { Job } from "../account/jobs.ts";
import { mayCall } from "../consoles/address.ts";
import { messageOf, signedHeaders } from "../consoles/message.ts";
import type { AccountId, ResourceId } from "../domain/ids.ts";
import { log } from "../observability/log.ts";
import { currentProduct } from "../store/catalogue.ts";
import { isSandbox } from "../store/clock.ts";
import { signingSecrets } from "../store/webhook-secrets.ts";

/** A console that doesn't answer within this time hasn't taken the call. It is far shorter than a call's lease. */
const CALL_TIMEOUT_MS = 15_000;
/** Calls about one resource that one job delivers in a row. */
const MAX_CALLS = 20;

/**
 * Delivers a resource's calls, oldest first, until one isn't taken; a long list goes on in another job. Throws when
 * it can't say how one went.
 */
export async function callConsole(env: Env, account: AccountId, resource: ResourceId): Promise<void> {
  const object = accountObject(env, account);
  for (let calls = 0; calls < MAX_CALLS; calls += 1) {
    const call = await object.takeCall(resource);
    if (!call) return;
    const outcome = await deliver(env, account, call);
    const hasNext = await object.settleCall(resource, call.sequence, outcome);
    if (!outcome.taken) {
      log("warn", "console_call_not_taken", { account, resource, type: call.type, error: outcome.error });
      return;
    }
    if (!hasNext) return;
  }
  await env.JOBS.send({ type: "call_console", account, resource } satisfies Job);
}

/** One attempt. A product without an address isn't called: there is nobody to tell. */
async function deliver(env: Env, account: AccountId, call: PendingCall): Promise<CallOutcome> {
  const product = await currentProduct(env, call.product);
  if (!product?.callbackUrl) return { taken: true };
  if (!mayCall(product.callbackUrl, isSandbox(env)))
    return { taken: false, error: "the address may not be called" };
  const message = messageOf(account, call);
  const headers = signedHeaders(message, await signingSecrets(env, call.product, Date.now()), Date.now());
  try {
    const answer = await fetch(product.callbackUrl, {
      method: "POST",
      headers,
      body: message.body,
      redirect: "manual",
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return answer.ok ? { taken: true } : { taken: false, error: `answered ${answer.status}` };
  } catch (error) {
    return { taken: false, error: error instanceof Error ? error.message : String(error) };
  }
}
