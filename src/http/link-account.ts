import type { Context } from "hono";
import { accountObject, execute } from "../account/client.ts";
import type { DomainError } from "../domain/errors.ts";
import type { AccountId } from "../domain/ids.ts";
import type { LinkedAccount, LinkedAccountId } from "../domain/linking/linked-account.ts";
import { asCommand } from "../jobs/attempts.ts";
import { tellOfEnd } from "../jobs/links.ts";
import { log } from "../observability/log.ts";
import { gatewaysFor } from "./begin-payment.ts";
import { now } from "./clock.ts";
import { ask, type Requested } from "./commands.ts";
import type { App } from "./context.ts";
import { publicUrl } from "./links.ts";
import { ipOf, newReference } from "./visitor.ts";
import { mayLeadBackTo } from "./way-back.ts";

/** Begins to link an account at a gateway; one whose answer is lost leaves the link pending. */
export async function startLink(
  c: Context<App>,
  account: AccountId,
  { gateway: wanted, returnUrlOf }: { gateway: string; returnUrlOf: (link: LinkedAccountId) => string },
): Promise<Requested<LinkedAccount>> {
  const link = newReference(c, account) as LinkedAccountId;
  const returnUrl = returnUrlOf(link);
  if (!(await mayLeadBackTo(c, returnUrl))) {
    const error: DomainError = { code: "return_url_not_allowed", path: "returnUrl" };
    return { kind: "refused", error, replayed: false };
  }
  const gateway = [...gatewaysFor(c).values()].find(({ name, linking }) => name === wanted && linking);
  const outcome = await ask(c, account, {
    type: "start_link",
    ...{ link, returnUrl },
    gateway: gateway?.name ?? null,
  });
  if (outcome.kind !== "answered") return outcome;
  const object = accountObject(c.env, account);
  const recorded = (await object.linkedAccount(outcome.answer.id)) ?? outcome.answer;
  const isWaitedFor = recorded.status === "pending" && recorded.redirectUrl === null;
  if (isWaitedFor && now(c) < recorded.expiresAtMs) await create(c, account, recorded);
  return { ...outcome, answer: (await object.linkedAccount(recorded.id)) ?? recorded };
}

async function create(c: Context<App>, account: AccountId, linked: LinkedAccount): Promise<void> {
  const { id: reference, gateway: name, createdAtMs, expiresAtMs, returnUrl } = linked;
  const gateway = gatewaysFor(c).get(name);
  const profile = await accountObject(c.env, account).account();
  if (!gateway?.linking || !profile) return;
  const heard = await gateway.linking.link({
    ...{ reference, createdAtMs, expiresAtMs, returnUrl },
    description: `Account ${account}`,
    locale: profile.locale,
    publicUrl: publicUrl(c),
    customerIp: ipOf(c),
  });
  if (heard.kind === "unknown") {
    log("warn", "gateway_link_unknown", { gateway: name, detail: heard.detail });
    return;
  }
  const command = { type: "hear_link", link: reference, gateway: name, heard } as const;
  await execute(c.env, account, asCommand(command, c.get("simulatedNowMs")));
}

/** Ends a link, and tells its gateway; where that can't be told now, it is told again by a job. */
export async function unlink(
  c: Context<App>,
  account: AccountId,
  link: LinkedAccountId,
): Promise<Requested<LinkedAccount>> {
  const outcome = await ask(c, account, { type: "unlink", link });
  if (outcome.kind === "answered" && outcome.answer.token)
    await tellOfEnd(c.env, account, outcome.answer, c.get("simulatedNowMs"));
  return outcome;
}
