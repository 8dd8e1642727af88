import { OpenAPIHono } from "@hono/zod-openapi";
import { Scalar } from "@scalar/hono-api-reference";
import { HTTPException } from "hono/http-exception";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { describeError, log } from "../observability/log.ts";
import { clock } from "./clock.ts";
import type { App } from "./context.ts";
import { limitHeaders, limitStrangers, loggedPath, logRequests, neverStored, nothingRuns } from "./edge.ts";
import { problem } from "./problems.ts";
import { accounts } from "./routes/accounts.ts";
import { autoTopUpRoutes } from "./routes/auto-top-up.ts";
import { billPayments } from "./routes/bill-payments.ts";
import { budgetRoutes } from "./routes/budget.ts";
import { callbacks } from "./routes/callbacks.ts";
import { catalogue } from "./routes/catalogue.ts";
import { costRoutes } from "./routes/costs.ts";
import { coupons } from "./routes/coupons.ts";
import { creditNotes } from "./routes/credit-notes.ts";
import { exportRoutes } from "./routes/exports.ts";
import { gatewayWebhooks } from "./routes/gateway-webhooks.ts";
import { histories } from "./routes/histories.ts";
import { holdRoutes } from "./routes/holds.ts";
import { integrity } from "./routes/integrity.ts";
import { invoiceAddressRoutes } from "./routes/invoice-addresses.ts";
import { invoices } from "./routes/invoices.ts";
import { linkedAccountRoutes } from "./routes/linked-accounts.ts";
import { mails } from "./routes/mails.ts";
import { operations } from "./routes/operations.ts";
import { orders } from "./routes/orders.ts";
import { poc } from "./routes/poc.ts";
import { portalSessions } from "./routes/portal-sessions.ts";
import { recipientRoutes } from "./routes/recipients.ts";
import { refunds } from "./routes/refunds.ts";
import { resourceActions } from "./routes/resource-actions.ts";
import { resourceUsageRoutes } from "./routes/resource-usage.ts";
import { resources } from "./routes/resources.ts";
import { shares } from "./routes/shares.ts";
import { topUps } from "./routes/top-ups.ts";
import { usageRoutes } from "./routes/usage.ts";
import { usageEvents } from "./routes/usage-events.ts";
import { usageReportRoutes } from "./routes/usage-report.ts";
import { describeWebhooks } from "./webhooks.ts";

const API = [
  catalogue,
  coupons,
  accounts,
  topUps,
  refunds,
  orders,
  shares,
  resources,
  resourceActions,
  usageEvents,
  invoices,
  creditNotes,
  histories,
  poc,
  usageRoutes,
  usageReportRoutes,
  exportRoutes,
  costRoutes,
  resourceUsageRoutes,
  holdRoutes,
  billPayments,
  portalSessions,
  recipientRoutes,
  invoiceAddressRoutes,
  budgetRoutes,
  linkedAccountRoutes,
  autoTopUpRoutes,
  operations,
  callbacks,
  mails,
  integrity,
];

/**
 * The API with its reference. `pages` come first: where people and programs use one address, people get the page. `more`
 * are groups of routes that only some installations have.
 */
export function createApp(
  pages: readonly OpenAPIHono<App>[],
  ...more: readonly OpenAPIHono<App>[]
): OpenAPIHono<App> {
  const app = new OpenAPIHono<App>();
  app.use(requestId({ headerName: "X-Request-Id" }), logRequests);
  app.use(secureHeaders({ xFrameOptions: "DENY" }), nothingRuns);
  app.use("/docs", secureHeaders({ contentSecurityPolicy: OWN_SCRIPTS }));
  app.use("/v1/*", neverStored);
  app.use(limitHeaders);
  app.route("/", gatewayWebhooks);
  app.use("/v1/*", clock);
  app.use("/docs", limitStrangers);
  app.use("/openapi.json", limitStrangers);
  for (const group of [...pages, ...API, ...more]) app.route("/", group);
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  // Browsers ask for it beside every page, and complain in its console when there is none.
  app.get("/favicon.ico", (c) => c.body(null, 204));
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
  });
  describeWebhooks(app);
  app.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: { title: "edge-billing", version: "1", description: INTRODUCTION },
  });
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
      path: loggedPath(c.req.path),
      error: describeError(error),
    });
    return problem(c, { code: "internal_error" });
  });
  return app;
}

/** The reference's page writes its own script and styles; nothing comes from elsewhere. */
const OWN_SCRIPTS = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'", "'unsafe-inline'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", "data:"],
  fontSrc: ["'self'", "data:"],
  frameAncestors: ["'none'"],
};

/** The reference asks nobody outside this installation for anything. */
const OFFLINE = {
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: "never",
  authentication: { preferredSecurityScheme: "bearer" },
} as const;

const INTRODUCTION = `Billing and payment of a cloud provider.

Amounts are integers in the minor unit of the account's currency (VND: dong); unit prices are decimal strings; instants are
ISO 8601, with offset in, UTC out. Lists answer \`{data, nextCursor}\` and take \`limit\` and \`cursor\`. Errors are problem
details (RFC 9457) with a stable \`code\`. \`Idempotency-Key\` is required where money moves and honoured on every POST; a
replayed answer carries \`Idempotency-Replayed: true\`.

Send \`Authorization: Bearer <JWT>\` with the role \`admin\`, \`product\` or \`user\`.`;
