import { Webhook } from "standardwebhooks";
import type { ConsoleCall } from "../domain/console-call.ts";
import type { AccountId } from "../domain/ids.ts";

/** A call as the console gets it: the same bytes, under the same id, however often it is tried. */
export interface ConsoleMessage {
  readonly id: string;
  readonly body: string;
}

export function messageOf(
  account: AccountId,
  call: ConsoleCall & { readonly sequence: number },
): ConsoleMessage {
  const { resource, sequence, order, line, configuration, startAtMs, endAtMs } = call;
  const payload = {
    type: call.type,
    timestamp: iso(call.atMs),
    data: {
      account,
      resource,
      resourceType: call.resourceType,
      name: call.name,
      sequence,
      ...(order === null ? {} : { order }),
      ...(line === null ? {} : { line }),
      configuration,
      startAt: startAtMs === null ? null : iso(startAtMs),
      endAt: endAtMs === null ? null : iso(endAtMs),
    },
  };
  return { id: `call_${account}_${resource}_${sequence}`, body: JSON.stringify(payload) };
}

/** The Standard Webhooks headers of one attempt, signed with every secret that is in force. */
export function signedHeaders({ id, body }: ConsoleMessage, secrets: readonly string[], sentAtMs: number) {
  const sentAt = new Date(sentAtMs);
  return {
    "Content-Type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(sentAtMs / 1_000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, sentAt, body)).join(" "),
  };
}

const iso = (atMs: number): string => new Date(atMs).toISOString();
