import { createMiddleware } from "hono/factory";
import { accountObject } from "../account/client.ts";
import type { AccountId } from "../domain/ids.ts";
import { type App, principalName } from "./context.ts";
import { problem } from "./problems.ts";

const MAX_KEY_LENGTH = 255;
const KEY_PATTERN = new RegExp(`^[\\x21-\\x7e]{1,${MAX_KEY_LENGTH}}$`);

/** How a route tells its callers of the key. */
export const keyParameter = (key: "required" | "honoured") => ({
  parameters: [
    {
      name: "Idempotency-Key",
      in: "header" as const,
      required: key === "required",
      description:
        "Sending the same request again under its key gives the same answer and does nothing twice.",
      schema: { type: "string" as const, minLength: 1, maxLength: MAX_KEY_LENGTH },
    },
  ],
});

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
      caller: principalName(c.get("principal")),
      key: text,
      hash: await digest(`${c.req.method} ${c.req.path}\n${await c.req.text()}`),
    };
    c.set("keyed", keyed);
    await next();
    // A request that was refused before it reached the account has had its key looked at by nobody.
    const account = c.req.param("account");
    if (account === undefined || c.res.status < 400 || c.res.status >= 500) return;
    const use = await accountObject(c.env, account as AccountId).keyUse(keyed);
    if (use === "other") c.res = problem(c, { code: "idempotency_key_reused" });
  });

async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
