import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { recordAction } from "../store/audit.ts";
import { type App, principalName } from "./context.ts";

/** Leaves a trail of a successful call that no account records. `subjectOf` says what it was about, if not its path. */
export const audited = (action: string, subjectOf?: (c: Context<App>) => Promise<string>) =>
  createMiddleware<App>(async (c, next) => {
    await next();
    if (!c.res.ok) return;
    await recordAction(c.env, {
      atMs: Date.now(),
      requestId: c.get("requestId"),
      actor: principalName(c.get("principal")),
      action,
      subject: (await subjectOf?.(c)) ?? c.req.path,
    });
  });
