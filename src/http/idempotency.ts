import { createMiddleware } from "hono/factory";
import { accountObject } from "../account/client.ts";
import type { AccountId } from "../domain/ids.ts";
import type { App, Principal } from "./context.ts";
import { problem } from "./problems.ts";

const KEY_PATTERN = /^[\x21-\x7e]{1,255}$/;

/**
 * Reads the `Idempotency-Key` of a call, which a call that moves money must have. A key that was used for another
 * request is refused whatever else is wrong with this one.
 */
export const idempotent = (key: "required" | "honoured") =>
  createMiddleware<App>(async (c, next) => {
    const text = c.req.header("Idempotency-Key");
    if (text === undefined) {
      if (key === "required") return problem(c, { code: "idempotency_key_required" });
      c.set("keyed", null);
      return next();
    }
    if (!KEY_PATTERN.test(text)) return problem(c, { code: "idempotency_key_invalid" });
    const keyed = {
      caller: callerName(c.get("principal")),
      key: text,
      hash: await digest(`${c.req.method} ${c.req.path}\n${await c.req.text()}`),
    };
    c.set("keyed", keyed);
    await next();
    // A body that isn't valid never reaches the account, so its key is looked at here.
    if (c.res.status !== 400) return;
    const isReused = await accountObject(c.env, c.req.param("account") as AccountId).isKeyReused(keyed);
    if (isReused) c.res = problem(c, { code: "idempotency_key_reused" });
  });

function callerName(principal: Principal): string {
  switch (principal.role) {
    case "admin":
      return `admin:${principal.subject}`;
    case "product":
      return `product:${principal.product}:${principal.subject}`;
    case "user":
      return `user:${principal.subject}`;
  }
}

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
