import { env, exports } from "cloudflare:workers";
import { signToken, userActions } from "../../src/cli/tokens.ts";
import type { TestAccount } from "../support/api.ts";

/** A file of an account, as its owner gets it. */
export async function download(
  { id, path }: TestAccount,
  name: string,
  actions: readonly string[] = userActions,
): Promise<{ headers: Headers; file: ArrayBuffer }> {
  const token = await signToken({ role: "user", account: id, actions }, env.AUTH_SECRET ?? "");
  const response = await exports.default.fetch(`http://edge-billing.test${path}/${name}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  if (response.status !== 200) throw new Error(`answered ${response.status}: ${await response.text()}`);
  return { headers: response.headers, file: await new Response(response.body).arrayBuffer() };
}
