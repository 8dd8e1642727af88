import { accountObject, execute } from "../account/client.ts";
import type { LinkHeard, LinkHearing } from "../domain/commands/hear-link.ts";
import type { AccountId } from "../domain/ids.ts";
import {
  isToBeUnlinked,
  type LinkedAccount,
  type LinkedAccountId,
} from "../domain/linking/linked-account.ts";
import type { Linking, LinkOutcome, UnlinkOutcome } from "../gateways/port.ts";
import { log } from "../observability/log.ts";
import { simulatedNowMs } from "../store/clock.ts";
import { asCommand, gatewaysAt } from "./attempts.ts";
import { open, seal } from "./tokens.ts";

/** The queue's part: a gateway is asked what became of a link, or told of its end. */
export async function tendLink(env: Env, account: AccountId, id: LinkedAccountId): Promise<void> {
  const linked = await accountObject(env, account).linkedAccount(id);
  if (!linked) return;
  const simulatedMs = await simulatedNowMs(env);
  if (isToBeUnlinked(linked)) await tellOfEnd(env, account, linked, simulatedMs);
  else await askAboutLink(env, account, linked, simulatedMs);
}

/** Asks what became of a link, and has the account hear it; that nothing can be learnt is heard, too. */
export async function askAboutLink(
  env: Env,
  account: AccountId,
  linked: LinkedAccount,
  simulatedMs: number | null,
): Promise<LinkHeard> {
  const { id: link, gateway } = linked;
  const linking = linkingOf(env, linked, simulatedMs);
  const heard = linking ? await hearingOf(env, linked, await read(env, linking, linked)) : UNKNOWN;
  const command = { type: "hear_link", link, gateway, heard } as const;
  const outcome = await execute(env, account, asCommand(command, simulatedMs));
  if (outcome.kind !== "answered") throw new Error(`a link's hearing was ${outcome.kind}`);
  return outcome.answer;
}

/** Tells a gateway that a link is over; what it doesn't take note of is told again. */
export async function tellOfEnd(
  env: Env,
  account: AccountId,
  linked: LinkedAccount,
  simulatedMs: number | null,
): Promise<void> {
  const { id: link, gateway } = linked;
  const token = linked.token && (await open(env, link, "token", linked.token));
  const told = token && (await linkingOf(env, linked, simulatedMs)?.unlink({ link, token }));
  const isDone = told ? told.kind === "unlinked" || isGone(told) : false;
  if (!isDone) log("warn", "gateway_unlink_failed", { gateway, outcome: told ? told.kind : "not told" });
  await execute(env, account, asCommand({ type: "hear_unlink", link, isDone }, simulatedMs));
}

const isGone = (said: UnlinkOutcome): boolean => said.kind === "failed" && said.reason === "link_gone";

const UNKNOWN: LinkHearing = { kind: "unknown" };

const linkingOf = (env: Env, { gateway }: LinkedAccount, simulatedMs: number | null): Linking | null =>
  gatewaysAt(env, simulatedMs).get(gateway)?.linking ?? null;

async function read(env: Env, linking: Linking, linked: LinkedAccount): Promise<LinkOutcome> {
  const { id: reference, createdAtMs, expiresAtMs, createdAs, grant } = linked;
  const granted = grant && (await open(env, reference, "grant", grant));
  return linking.readLink({ reference, createdAtMs, expiresAtMs, createdAs }, granted);
}

async function hearingOf(env: Env, { id, gateway }: LinkedAccount, said: LinkOutcome): Promise<LinkHearing> {
  switch (said.kind) {
    case "linked":
      return { kind: "linked", token: await seal(env, id, "token", said.token), label: said.label };
    case "failed":
      return { kind: "failed", reason: said.reason };
    case "unknown":
      log("warn", "gateway_link_unknown", { gateway, detail: said.detail });
      return UNKNOWN;
    default:
      return said;
  }
}
