import type { Context } from "hono";
import type { GatewayName } from "../../domain/gateway.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { type Message, post, type Sender } from "./callbacks.ts";
import { changeLink, linkBy, type SimulatedLink } from "./links.ts";
import { abandonedPage, decisionForm, linkPage, notPayable } from "./page.tsx";
import type { CallbackMode } from "./switches.ts";

/** A gateway that people agree with to be charged by. */
export interface LinkHost extends Sender {
  readonly gateway: GatewayName;
  /** As people know it. */
  readonly name: string;
  /** Where its page takes decisions. */
  readonly path: string;
  /** How the merchant is told; null where it isn't. */
  message(env: Env, link: SimulatedLink, isForged: boolean): Promise<Message | null>;
  /** Where the customer is led with the decision. */
  wayBack(env: Env, link: SimulatedLink): Promise<string>;
}

/** Shows a link that waits for its customer, or why there is nothing to agree to. */
export async function showLink(c: Context<App>, host: LinkHost, link: SimulatedLink | null) {
  const obstacle = obstacleTo(link, now(c));
  if (obstacle || !link) return notPayable(c, obstacle ?? "unknown");
  return linkPage(c, host.name, host.path, link);
}

/** Takes what somebody decided, tells the merchant as chosen, and leads the customer back. */
export async function takeLinkDecision(c: Context<App>, host: LinkHost) {
  const form = decisionForm.safeParse(await c.req.parseBody());
  const link = form.success ? await linkBy(c.env, host.gateway, "reference", form.data.reference) : null;
  const obstacle = obstacleTo(link, now(c));
  if (!form.success || !link || obstacle) return notPayable(c, obstacle ?? "unknown");
  const { decision, callback } = form.data;
  if (decision === "abandon") return abandonedPage(c);
  const decided = await changeLink(c.env, link, decision === "approve" ? "linked" : "refused");
  if (!decided) return notPayable(c, "decided");
  const message = await host.message(c.env, decided, callback === "bad_signature");
  for (let told = 0; message && told < TIMES[callback]; told += 1)
    await post(c.env, host, decided, message, callback);
  return c.redirect(await host.wayBack(c.env, decided), 303);
}

/** How often the merchant is told; what is about amounts makes no difference to a link. */
const TIMES: Readonly<Record<CallbackMode, number>> = {
  ...{ normal: 1, late: 1, twice: 2, out_of_order: 1, never: 0, bad_signature: 1, wrong_amount: 1 },
};

function obstacleTo(link: SimulatedLink | null, nowMs: number) {
  if (!link) return "unknown";
  if (link.state !== "open") return "decided";
  return nowMs >= link.expiresAtMs ? "expired" : null;
}
