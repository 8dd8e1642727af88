import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { simulatedNowMs } from "../store/clock.ts";
import type { App } from "./context.ts";

/** Finds out whether business time is real here, once a request. */
export const clock = createMiddleware<App>(async (c, next) => {
  c.set("simulatedNowMs", await simulatedNowMs(c.env));
  return next();
});

/** The present instant of business time. */
export const now = (c: Context<App>): number => c.get("simulatedNowMs") ?? Date.now();
