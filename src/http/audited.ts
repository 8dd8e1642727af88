import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { recordAction } from "../store/audit.ts";
import { type App, principalName } from "./context.ts";

/** Records what this caller did, where no account records it. */
export const leaveTrail = (c: Context<App>, action: string, subject: string) =>
  recordAction(c.env, {
    atMs: Date.now(),
    requestId: c.get("requestId"),
    actor: principalName(c.get("principal")),
    action,
    subject,
  });

/** Leaves a trail of a successful call that is about what its path says. */
export const audited = (action: string) =>
  createMiddleware<App>(async (c, next) => {
    await next();
    if (c.res.ok) await leaveTrail(c, action, c.req.path);
  });
