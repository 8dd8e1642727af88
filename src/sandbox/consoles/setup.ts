import { createRoute, z } from "@hono/zod-openapi";
import type { ProductId } from "../../domain/ids.ts";
import { access } from "../../http/auth.ts";
import { body, json, problems, routes, security } from "../../http/openapi.ts";
import { id } from "../../http/schemas.ts";
import { inSandboxOnly } from "../only.ts";
import { putConsole } from "./state.ts";

/** As Standard Webhooks writes secrets of 24 to 64 bytes. */
const SECRET_PATTERN = /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/;

const put = createRoute({
  method: "put",
  path: "/v1/sandbox/consoles/{product}",
  tags: ["Sandbox"],
  summary:
    "Give a product a console at /sandbox/consoles/{product}, with the secret its calls are signed with",
  security,
  middleware: [access({ admin: true }), inSandboxOnly],
  request: {
    params: z.object({ product: id<ProductId>() }),
    body: body(z.strictObject({ webhookSecret: z.string().regex(SECRET_PATTERN) }).openapi("SandboxConsole")),
  },
  responses: { 200: json(z.object({ product: z.string() }), "The console has it."), ...problems },
});

/** Who runs a console gives it its secret: the consoles' own setting, none of billing's. */
export const consoleSetup = routes().openapi(put, async (c) => {
  const { product } = c.req.valid("param");
  await putConsole(c.env, product, c.req.valid("json").webhookSecret);
  return c.json({ product }, 200);
});
