import { createMiddleware } from "hono/factory";
import type { App } from "../http/context.ts";
import { problem } from "../http/problems.ts";
import { isSandbox } from "../store/clock.ts";

/** Refuses a call unless the installation says that it is a sandbox. */
export const inSandboxOnly = createMiddleware<App>(async (c, next) =>
  isSandbox(c.env) ? next() : problem(c, { code: "not_a_sandbox" }),
);
