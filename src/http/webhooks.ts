import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "@hono/zod-openapi";
import { CALL_TYPES } from "../domain/console-call.ts";
import type { App } from "./context.ts";

const WHAT_HAPPENED: Record<(typeof CALL_TYPES)[number], string> = {
  "resource.provision": "Set the resource up, then answer with its provisioning",
  "resource.resize": "Change the resource to this configuration, then answer",
  "resource.renewed": "The resource runs on until the new end",
  "resource.suspend": "Stop the service and keep the data",
  "resource.restrict": "The resource's paid time is over; it still runs",
  "resource.resume": "The resource was paid: let it run again",
  "resource.recover": "Bring the resource back from the trash, then answer",
  "resource.trash": "Stop the service; the data goes later",
  "resource.delete": "Delete the resource and its data",
};

const callOf = (type: (typeof CALL_TYPES)[number]) =>
  z.object({
    type: z.literal(type),
    timestamp: z.iso.datetime(),
    data: z.object({
      account: z.string(),
      resource: z.string(),
      resourceType: z.string(),
      name: z.string(),
      sequence: z.int(),
      order: z.string().optional(),
      line: z.string().optional(),
      configuration: z.array(z.object({ sku: z.string(), quantity: z.int() })),
      startAt: z.iso.datetime().nullable(),
      endAt: z.iso.datetime().nullable(),
    }),
  });

const headers = z.object({
  "webhook-id": z.string().describe("The same for every attempt of a call."),
  "webhook-timestamp": z.string().describe("When this attempt was made, in seconds."),
  "webhook-signature": z.string().describe("Standard Webhooks signatures, one for each secret in force."),
});

/** Describes the calls that products get at their `callbackUrl`: at least once, in order per resource. */
export function describeWebhooks(app: OpenAPIHono<App>): void {
  for (const type of CALL_TYPES) {
    app.openAPIRegistry.registerWebhook({
      method: "post",
      path: type,
      tags: ["Calls to product consoles"],
      summary: WHAT_HAPPENED[type],
      request: {
        headers,
        body: { required: true, content: { "application/json": { schema: callOf(type) } } },
      },
      responses: { "2XX": { description: "Taken. Anything else is tried again, later each time." } },
    });
  }
}
