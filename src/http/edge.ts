import { createMiddleware } from "hono/factory";
import { log } from "../observability/log.ts";
import type { App } from "./context.ts";
import { problem } from "./problems.ts";

export const MAX_HEADER_BYTES = 16 * 1_024;

/** Refuses requests whose headers are larger than any honest caller's. */
export const limitHeaders = createMiddleware<App>(async (c, next) => {
  const bytes = [...c.req.raw.headers].reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return bytes > MAX_HEADER_BYTES ? problem(c, { code: "headers_too_large" }) : next();
});

/** What an address says without the link's own code, which is as good as a key. */
export const loggedPath = (path: string): string => path.replace(/^\/share\/[^/]+/, "/share/…");

/** One line a request, without its query, headers or body. */
export const logRequests = createMiddleware<App>(async (c, next) => {
  await next();
  log("info", "request", {
    requestId: c.get("requestId"),
    method: c.req.method,
    path: loggedPath(c.req.path),
    status: c.res.status,
    role: c.get("principal")?.role,
  });
});

/** Slows down callers of what needs no token, each by their address. */
export const limitStrangers = createMiddleware<App>(async (c, next) => {
  const { success } = await c.env.STRANGERS.limit({ key: c.req.header("CF-Connecting-IP") ?? "local" });
  return success ? next() : problem(c, { code: "too_many_requests" });
});

/** What the API says is nobody else's to keep. */
export const neverStored = createMiddleware<App>(async (c, next) => {
  await next();
  c.header("Cache-Control", "no-store");
});

/** Whatever doesn't say otherwise is data: no browser runs or frames it. */
export const nothingRuns = createMiddleware<App>(async (c, next) => {
  await next();
  if (c.res.headers.has("Content-Security-Policy")) return;
  c.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
});
