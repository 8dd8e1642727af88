import { exports } from "cloudflare:workers";
import type { Answer } from "../support/api.ts";

/** What a request consists of when nothing is done for its sender. */
export interface RawRequest {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyInit;
}

/** Sends a request as it is, for what the clients of test/support wouldn't send. */
export async function send<T>(
  path: string,
  { method = "GET", token, headers = {}, body }: RawRequest = {},
): Promise<Answer<T>> {
  const response = await exports.default.fetch(`http://edge-billing.test${path}`, {
    method,
    headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: response.status,
    headers: response.headers,
    replayed: response.headers.get("Idempotency-Replayed") === "true",
    body: (await response.json()) as T,
  };
}
