import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Report } from "./demo/report.ts";
import { tour } from "./demo/tour.ts";
import { ensureDevVars } from "./dev-vars.ts";
import { startDevWorker } from "./dev-worker.ts";
import { applyMigrations } from "./migrate.ts";
import { seed } from "./seed.ts";
import { signToken } from "./tokens.ts";

const DEFAULT_PORT = "8787";
const PROBE_TIMEOUT_MS = 5_000;

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());
process.exit(await main(stopping.signal));

/** The exit code: 0 only where every amount was as expected. */
async function main(signal: AbortSignal): Promise<number> {
  const report = new Report();
  try {
    const { authSecret } = ensureDevVars();
    const running = `http://localhost:${process.env.PORT || DEFAULT_PORT}`;
    if (await answers(running)) {
      report.title(`edge-billing demo, on the worker at ${running}`);
      await unlessAborted(tour(running, authSecret, report), signal);
    } else {
      await withOwnWorker(authSecret, signal, async (baseUrl) => {
        report.title(`edge-billing demo, on a worker of its own at ${baseUrl}`);
        await tour(baseUrl, authSecret, report);
      });
    }
  } catch (error) {
    console.error(`\n${signal.aborted ? "Stopped." : error instanceof Error ? error.message : error}`);
    return 1;
  }
  report.close();
  return report.isReconciled ? 0 : 1;
}

/** Whether this API, and not something else, listens there. */
async function answers(baseUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${baseUrl}/healthz`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    const health = (await answer.json()) as { status?: unknown };
    return answer.ok && health.status === "ok";
  } catch {
    return false;
  }
}

/** Runs `use` against a seeded worker on a free port, of which nothing is left afterwards. */
async function withOwnWorker(
  authSecret: string,
  signal: AbortSignal,
  use: (baseUrl: string) => Promise<void>,
): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), "edge-billing-demo-"));
  try {
    console.log("Starting a worker …");
    await applyMigrations(stateDir, signal);
    await using worker = await startDevWorker({ stateDir, signal });
    await seed(worker.baseUrl, await signToken({ role: "admin" }, authSecret));
    await unlessAborted(use(worker.baseUrl), signal);
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/** Waits for `work`, or throws as soon as somebody wants us to stop. */
function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  return Promise.race([work, aborted]);
}
