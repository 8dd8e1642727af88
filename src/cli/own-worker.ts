import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DevWorker, type DevWorkerOptions, startDevWorker } from "./dev-worker.ts";
import { applyMigrations } from "./migrate.ts";
import { seed } from "./seed.ts";
import { signToken } from "./tokens.ts";

/** A worker as a first `npm start` has it, migrated and seeded, on a free port. Disposing of it leaves nothing behind. */
export async function startOwnWorker(
  authSecret: string,
  options: Pick<DevWorkerOptions, "log" | "signal"> = {},
): Promise<DevWorker> {
  await using undo = new AsyncDisposableStack();
  const stateDir = mkdtempSync(join(tmpdir(), "edge-billing-"));
  undo.defer(() => rmSync(stateDir, { recursive: true, force: true }));
  await applyMigrations(stateDir, options.signal);
  const worker = undo.use(await startDevWorker({ ...options, stateDir }));
  await seed(worker.baseUrl, await signToken({ role: "admin" }, authSecret));
  const kept = undo.move();
  return { ...worker, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
