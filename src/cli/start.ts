import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { moveConsoles } from "./consoles.ts";
import { addressesOf, ensureDevVars } from "./dev-vars.ts";
import { isPortFree, startDevWorker } from "./dev-worker.ts";
import { applyMigrations } from "./migrate.ts";
import { root } from "./paths.ts";
import { seed } from "./seed.ts";
import { signToken } from "./tokens.ts";

const DEFAULT_PORT = 8787;
const MAX_PORT = 65_535;
const CRON_INTERVAL_MS = 60_000;
const PARENT_POLL_MS = 1_000;
const stateDir = join(root, ".wrangler/state");

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());
stopWithNpm();
// A reader of our output that goes away must not end us with the worker still running.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

try {
  await start(stopping.signal);
} catch (error) {
  if (!stopping.signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
process.exit(0);

async function start(signal: AbortSignal): Promise<void> {
  const port = readPort();
  if (!(await isPortFree(port))) throw new Error(`Port ${port} is taken: choose another one with PORT=…`);
  const origin = `http://localhost:${port}`;
  const { authSecret, simulatedGateways } = ensureDevVars();
  const adminToken = await signToken({ role: "admin" }, authSecret);
  await applyMigrations(stateDir, signal);
  await seedOnce(origin, adminToken, signal);

  await using worker = await startDevWorker({
    stateDir,
    port,
    signal,
    vars: addressesOf(simulatedGateways),
    log: (chunk) => void process.stdout.write(chunk),
  });
  await moveConsoles(worker.baseUrl, adminToken, origin);
  announce(origin);
  const cron = setInterval(() => tick(worker.baseUrl), CRON_INTERVAL_MS);
  await Promise.race([worker.exited, aborted(signal)]);
  clearInterval(cron);
  if (!signal.aborted) throw new Error("wrangler ended unexpectedly");
}

/** An npm that was killed can't pass its signal on. */
function stopWithNpm(): void {
  if (process.env.npm_lifecycle_event !== "start") return;
  const npm = process.ppid;
  setInterval(() => process.ppid === npm || stopping.abort(), PARENT_POLL_MS).unref();
}

function readPort(): number {
  const port = Number(process.env.PORT || DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) throw new Error(`PORT is not a port number`);
  return port;
}

/** On a port nobody knows, so that the public one never answers half seeded. */
async function seedOnce(origin: string, adminToken: string, signal: AbortSignal): Promise<void> {
  const marker = join(stateDir, "seeded");
  if (existsSync(marker)) return;
  console.log("First start: filling in the demo catalogue and account …");
  await using worker = await startDevWorker({ stateDir, signal });
  await Promise.race([seed(worker.baseUrl, adminToken, origin), aborted(signal)]);
  signal.throwIfAborted();
  writeFileSync(marker, "");
}

function announce(origin: string): void {
  console.log(`
edge-billing runs
  consoles    ${origin}/sandbox/consoles
  API         ${origin}
  reference   ${origin}/docs
  OpenAPI     ${origin}/openapi.json
  mail        ${origin}/sandbox/mailbox
  a token     npm run -s token -- --role admin|product|user
`);
}

/** `wrangler dev` runs no cron triggers by itself. */
async function tick(baseUrl: string): Promise<void> {
  try {
    const answer = await fetch(`${baseUrl}/cdn-cgi/handler/scheduled?cron=*+*+*+*+*`, {
      signal: stopping.signal,
    });
    if (!answer.ok) console.error(`cron: ${answer.status} ${await answer.text()}`);
  } catch (error) {
    if (!stopping.signal.aborted) console.error("cron:", error);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
