import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../src/cli/paths.ts";
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from "../../src/cli/tokens.ts";
import type { Peer } from "./peer.ts";
import { type Runtime, startRuntime } from "./runtime.ts";

const STATEMENT_END = "--> statement-breakpoint";

export interface ProductOptions {
  readonly directory: string;
  readonly authSecret: string;
  /** Takes console calls and mails. */
  readonly peer: Peer;
  /** Whether rows, requests and messages are counted, which takes time. */
  readonly isCounted: boolean;
}

/** The product as in production: not a sandbox, mail through a service, calls to consoles at public addresses. */
export async function startProduct(options: ProductOptions): Promise<Runtime> {
  const { directory, authSecret, peer, isCounted } = options;
  const runtime = await startRuntime({
    config: join(root, "wrangler.toml"),
    ...(isCounted ? { main: join(import.meta.dirname, "worker/counting.ts") } : {}),
    directory,
    outbound: peer.answer,
    vars: {
      AUTH_ISSUER: TOKEN_ISSUER,
      AUTH_AUDIENCE: TOKEN_AUDIENCE,
      AUTH_SECRET: authSecret,
      PUBLIC_URL: "https://billing.example.com",
      MAIL_SENDER: "resend",
      MAIL_FROM: "billing@example.com",
      RESEND_API_KEY: "bench",
      RESEND_BASE_URL: "https://mail.example.com",
    },
  });
  const database = await runtime.miniflare.getD1Database("DB", "worker");
  for (const statement of migrations()) await database.prepare(statement).run();
  return runtime;
}

function migrations(): string[] {
  const directory = join(root, "migrations");
  const files = readdirSync(directory).filter((name) => name.endsWith(".sql"));
  return files.sort().flatMap((name) => readFileSync(join(directory, name), "utf8").split(STATEMENT_END));
}
