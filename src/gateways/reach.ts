import { exports } from "cloudflare:workers";

/**
 * How a request leaves. What is addressed to this installation itself, where a sandbox plays the providers, is handed
 * over inside: on Cloudflare a worker that fetches its own address isn't called by it, and in tests nobody listens
 * there. Without PUBLIC_URL (`npm start`) it goes over HTTP like any other.
 */
export const reach =
  ({ PUBLIC_URL: own }: Env) =>
  (url: string, init: RequestInit): Promise<Response> =>
    own !== undefined && new URL(own).origin === new URL(url).origin
      ? exports.default.fetch(new Request(url, init))
      : fetch(url, init);
