import type { Context } from "hono";
import type { GatewayName } from "../../domain/gateway.ts";
import { now } from "../../http/clock.ts";
import type { App } from "../../http/context.ts";
import { chooseLanguage } from "../../portal/language.ts";
import { beforePagesLeadingTo } from "../../portal/security.ts";
import { inSandboxOnly } from "../only.ts";
import { type Teller, tell } from "./callbacks.ts";
import { abandonedPage, decisionForm, hostedPage, notPayable } from "./page.tsx";
import { decidePayment, paymentOf, type SimulatedPayment } from "./payments.ts";

/** A gateway that people see. */
export interface Host extends Teller {
  readonly gateway: GatewayName;
  /** As people know it. */
  readonly name: string;
  /** Where its page takes decisions. */
  readonly path: string;
  /** Where a payer is led with the decision. */
  wayBack(env: Env, payment: SimulatedPayment): Promise<string>;
}

/**
 * What comes before a gateway's pages. Their forms end, by redirect, at the merchant, which may lead further: browsers
 * apply `form-action` to each of these hops, so here it allows any site.
 */
export const beforeHosted = [
  inSandboxOnly,
  ...beforePagesLeadingTo("'self'", "http:", "https:"),
  chooseLanguage,
] as const;

/** Shows an open payment, or why there is nothing to pay. */
export async function showPayment(c: Context<App>, host: Host, payment: SimulatedPayment | null) {
  const obstacle = obstacleTo(payment, now(c));
  if (obstacle || !payment) return notPayable(c, obstacle ?? "unknown");
  return hostedPage(c, host.name, host.path, payment);
}

/** Takes what somebody decided, tells the merchant as chosen, and leads the payer back. */
export async function takeDecision(c: Context<App>, host: Host) {
  const form = decisionForm.safeParse(await c.req.parseBody());
  const payment = form.success ? await paymentOf(c.env, host.gateway, form.data.reference) : null;
  const obstacle = obstacleTo(payment, now(c));
  if (!form.success || !payment || obstacle) return notPayable(c, obstacle ?? "unknown");
  const { decision, callback } = form.data;
  if (decision === "abandon") return abandonedPage(c);
  const decided = await decidePayment(c.env, payment, decision === "approve" ? "paid" : "refused");
  if (!decided) return notPayable(c, "decided");
  await tell(c.env, host, decided, callback);
  return c.redirect(await host.wayBack(c.env, decided), 303);
}

function obstacleTo(payment: SimulatedPayment | null, nowMs: number) {
  if (!payment) return "unknown";
  if (payment.state !== "open") return "decided";
  return nowMs >= payment.expiresAtMs ? "expired" : null;
}
