import type { Context } from "hono";
import { Webhook } from "standardwebhooks";
import { z } from "zod";
import type { App } from "../../http/context.ts";
import { problem } from "../../http/problems.ts";
import { askBilling, canSign, type Resource, resourcePath } from "./billing.ts";
import { consoleOf, take } from "./state.ts";

const payload = z.object({
  type: z.string(),
  data: z.object({
    account: z.string(),
    resource: z.string(),
    sequence: z.int(),
    line: z.string().optional(),
  }),
});

/** Takes a call from billing: does what a paid line asks for, or makes it wait; of all others it remembers the last. */
export async function takeCall(c: Context<App>): Promise<Response> {
  const settings = await consoleOf(c.env, c.req.param("product") ?? "");
  if (!settings) return problem(c, { code: "not_found" });
  if (!canSign(c.env)) return problem(c, { code: "unavailable" });
  const call = payload.safeParse(verified(settings.webhookSecret, await c.req.text(), c.req.header()));
  if (!call.success) return problem(c, { code: "unauthenticated", detail: "This isn't signed for us." });
  const { type, data } = call.data;
  const outcome = await take(c.env, settings, { type, ...data });
  if (outcome === null || outcome === "hang") return c.body(null, 204);
  const answered = await answerProvisioning(c, {
    ...data,
    product: settings.product,
    outcome,
    key: c.req.header("webhook-id") ?? "",
  });
  // What billing refuses it will go on refusing; what it couldn't hear it shall hear when it calls again.
  return answered.ok || answered.error.status < 500 ? c.body(null, 204) : problem(c, { code: "unavailable" });
}

export interface ProvisioningAnswer {
  readonly product: string;
  readonly account: string;
  readonly resource: string;
  readonly line?: string | undefined;
  readonly outcome: "succeed" | "fail";
  /** The call that is answered, where a call is. */
  readonly key?: string;
}

export function answerProvisioning(c: Context<App>, answer: ProvisioningAnswer) {
  const { product, account, resource, line, outcome, key } = answer;
  const said =
    outcome === "succeed"
      ? { status: "succeeded" }
      : { status: "failed", reason: "The console was told to fail." };
  return askBilling<Resource>(c, product, `${resourcePath(account, resource)}/provisioning`, {
    body: { orderLine: line, ...said },
    ...(key === undefined ? {} : { key }),
  });
}

/** What a request says that billing signed with this secret; null for any other. */
function verified(secret: string, body: string, headers: Record<string, string>): unknown {
  try {
    return new Webhook(secret).verify(body, headers);
  } catch {
    // Every way in which a signature can be wrong is answered alike.
    return null;
  }
}
