import { accountObject, execute } from "../account/client.ts";
import type { Attempt } from "../domain/attempts/attempt.ts";
import type { RecordCreation } from "../domain/commands/record-creation.ts";
import type { AccountId } from "../domain/ids.ts";
import type { LinkedAccountId } from "../domain/linking/linked-account.ts";
import type { ChargeOutcome } from "../gateways/port.ts";
import { log } from "../observability/log.ts";
import { asCommand, descriptionOf, gatewaysAt, hearing, standingOf } from "./attempts.ts";
import { open } from "./tokens.ts";

/** Who asks for a charge, and where from. */
export interface ChargeContext {
  readonly simulatedMs: number | null;
  readonly publicUrl: string;
  readonly customerIp: string;
}

/**
 * Charges the linked account of an attempt that was recorded, and has the account hear what came of it. Charging again is
 * harmless: a gateway does one reference once. An answer that is lost leaves the attempt open, to be asked about.
 */
export async function charge(
  env: Env,
  account: AccountId,
  attempt: Attempt,
  context: ChargeContext,
): Promise<void> {
  const { id, gateway } = attempt;
  const outcome = await outcomeOf(env, account, attempt, context);
  const give = (command: Parameters<typeof asCommand>[0]) =>
    execute(env, account, asCommand(command, context.simulatedMs));
  switch (outcome.kind) {
    case "succeeded": {
      const { claim } = outcome;
      await give(await hearing(gateway, id, "query", standingOf(outcome, claim), claim));
      return;
    }
    case "failed":
      await give(recorded({ kind: "failed", reason: outcome.reason }));
      return;
    case "pending":
      await give(recorded({ kind: "created", redirectUrl: null, createdAs: outcome.createdAs }));
      return;
    case "needs_customer":
      await give(recorded({ ...outcome, kind: "created" }));
      return;
    case "unknown":
      log("warn", "gateway_charge_unknown", { gateway, detail: outcome.detail });
      await give(await hearing(gateway, id, "query", { kind: "unknown" }, null));
  }

  function recorded(said: RecordCreation["outcome"]): RecordCreation {
    return { type: "record_creation", attempt: id, outcome: said };
  }
}

/** A token that this installation can't open any more charges nothing. */
async function outcomeOf(
  env: Env,
  account: AccountId,
  attempt: Attempt,
  { simulatedMs, publicUrl, customerIp }: ChargeContext,
): Promise<ChargeOutcome> {
  const { id: reference, createdAtMs, expiresAtMs, amount: amountMinor, currency, returnUrl } = attempt;
  const object = accountObject(env, account);
  const [profile, linked] = await Promise.all([
    object.account(),
    object.linkedAccount(attempt.linkedAccount as LinkedAccountId),
  ]);
  const linking = gatewaysAt(env, simulatedMs).get(attempt.gateway)?.linking;
  const token = linked?.token && (await open(env, linked.id, "token", linked.token));
  if (!linked?.token) return { kind: "failed", reason: "link_gone", theirCode: "" };
  if (!linking || !profile || !token) return { kind: "failed", reason: "misconfigured", theirCode: "" };
  return linking.charge({
    ...{ reference, createdAtMs, expiresAtMs, amountMinor, currency, returnUrl, publicUrl, customerIp },
    description: descriptionOf(account, attempt),
    locale: profile.locale,
    from: { link: linked.id, token },
  });
}
