import { createMiddleware } from "hono/factory";
import { recordAction } from "../store/audit.ts";
import { type App, principalName } from "./context.ts";

/** Leaves a trail of a successful call that no account records. */
export const audited = (action: string) =>
  createMiddleware<App>(async (c, next) => {
    await next();
    if (!c.res.ok) return;
    await recordAction(c.env, {
      atMs: Date.now(),
      requestId: c.get("requestId"),
      actor: principalName(c.get("principal")),
      action,
      subject: c.req.path,
    });
  });
