import { createMiddleware } from "hono/factory";
import type { App } from "../http/context.ts";
import { problem } from "../http/problems.ts";
import { isSandbox } from "../store/clock.ts";

/** Refuses a call unless the installation says that it is a sandbox. */
export const inSandboxOnly = createMiddleware<App>(async (c, next) =>
  isSandbox(c.env) ? next() : problem(c, { code: "not_a_sandbox" }),
);

const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** Pages that ask for no token show themselves only to the machine they run on. */
export const onThisMachineOnly = createMiddleware<App>(async (c, next) =>
  LOCAL_HOSTS.includes(new URL(c.req.url).hostname) ? next() : problem(c, { code: "not_found" }),
);
