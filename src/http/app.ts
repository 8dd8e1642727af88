import { OpenAPIHono } from "@hono/zod-openapi";
import { Scalar } from "@scalar/hono-api-reference";
import { HTTPException } from "hono/http-exception";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { describeError, log } from "../observability/log.ts";
import { clock } from "./clock.ts";
import type { App } from "./context.ts";
import { problem } from "./problems.ts";
import { accounts } from "./routes/accounts.ts";
import { admin } from "./routes/admin.ts";
import { catalogue } from "./routes/catalogue.ts";
import { coupons } from "./routes/coupons.ts";
import { histories } from "./routes/histories.ts";
import { invoices } from "./routes/invoices.ts";
import { orders } from "./routes/orders.ts";
import { resources } from "./routes/resources.ts";

/** The API with its reference. `more` are groups of routes that only some installations have. */
export function createApp(...more: readonly OpenAPIHono<App>[]): OpenAPIHono<App> {
  const app = new OpenAPIHono<App>();
  app.use(requestId({ headerName: "X-Request-Id" }));
  app.use(secureHeaders());
  app.use("/v1/*", clock);
  for (const group of [
    catalogue,
    coupons,
    accounts,
    orders,
    resources,
    invoices,
    histories,
    admin,
    ...more,
  ]) {
    app.route("/", group);
  }
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
  });
  app.doc31("/openapi.json", { openapi: "3.1.0", info: { title: "edge-billing", version: "1" } });
  app.get(
    "/docs",
    Scalar({ url: "/openapi.json", cdn: "/scalar.js", pageTitle: "edge-billing", ...OFFLINE }),
  );
  app.notFound((c) => problem(c, { code: "not_found" }));
  app.onError((error, c) => {
    if (error instanceof HTTPException && error.status === 415)
      return problem(c, { code: "unsupported_media_type" });
    if (error instanceof HTTPException && error.status === 400) return problem(c, { code: "malformed_json" });
    log("error", "request_failed", {
      requestId: c.get("requestId"),
      path: c.req.path,
      error: describeError(error),
    });
    return problem(c, { code: "internal_error" });
  });
  return app;
}

/** The reference asks nobody outside this installation for anything. */
const OFFLINE = { withDefaultFonts: false, telemetry: false, agent: { disabled: true } } as const;
