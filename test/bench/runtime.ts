import { once } from "node:events";
import { readdirSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join, parse } from "node:path";
import { text } from "node:stream/consumers";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { spawnWrangler } from "../../src/cli/wrangler.ts";

// Set before wrangler is loaded: it would tell on the standard output what it reads.
process.env.WRANGLER_LOG ??= "error";
const { unstable_getMiniflareWorkerOptions: workerOptionsOf } = await import("wrangler");

const HOST = "127.0.0.1";

export interface WorkerSource {
  /** A wrangler.toml. */
  readonly config: string;
  /** Instead of the configuration's own. */
  readonly main?: string;
}

export interface RuntimeOptions extends WorkerSource {
  /** Keeps the bundle and everything that is stored. */
  readonly directory: string;
  /** Exactly these variables, whatever the configuration or .dev.vars say. */
  readonly vars: Readonly<Record<string, string>>;
  /** Answers whatever the worker fetches. */
  readonly outbound?: RequestListener;
}

export interface Runtime extends AsyncDisposable {
  readonly baseUrl: string;
  readonly miniflare: Miniflare;
}

/** A worker's bundle in workerd, with everything it stores on disk and nothing between the socket and the worker. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const bundle = join(options.directory, "bundle");
  await bundleWorker(options, bundle);
  const { workerOptions, main = "" } = workerOptionsOf(options.config);
  // Assets would put a router of their own in front of the worker; at Cloudflare they aren't asked on the API's paths.
  const { assets: _, modulesRules: _rules, ...configured } = workerOptions;
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...configured,
      name: "worker",
      modules: [
        { type: "ESModule", path: join(bundle, `${parse(options.main ?? main).name}.js`) },
        ...readdirSync(bundle)
          .filter((file) => file.endsWith(".ttf"))
          .map((file) => ({ type: "Data" as const, path: join(bundle, file) })),
      ],
      modulesRoot: bundle,
      bindings: { ...options.vars },
      resourcePersistencePath: join(options.directory, "state"),
      unsafeDirectSockets: [{ host: HOST, port: 0 }],
      ...(options.outbound ? { outboundService: { node: options.outbound } } : {}),
      handleStructuredLogs: showErrors,
      cf: false,
      telemetry: { enabled: false },
    }),
  );
  const baseUrl = (await miniflare.unsafeGetDirectURL("worker")).origin;
  return { baseUrl, miniflare, [Symbol.asyncDispose]: () => miniflare.dispose() };
}

/** Of what a worker logs, its errors: there should be none. */
function showErrors({ level, message }: { level: string; message: string }): void {
  if (level === "error") console.error(message);
}

async function bundleWorker({ config, main }: WorkerSource, directory: string): Promise<void> {
  const entry = main === undefined ? [] : [main];
  const wrangler = spawnWrangler([
    "deploy",
    ...entry,
    "--config",
    config,
    "--dry-run",
    "--outdir",
    directory,
  ]);
  const output = Promise.all(
    [wrangler.stdout, wrangler.stderr].map((stream) => (stream ? text(stream) : "")),
  );
  const [code] = await once(wrangler, "exit");
  if (code !== 0) throw new Error(`the bundle of ${main ?? config} failed:\n${(await output).join("")}`);
}
