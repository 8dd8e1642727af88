import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressesOf, ensureDevVars } from "./dev-vars.ts";
import { type DevWorker, type DevWorkerOptions, startDevWorker } from "./dev-worker.ts";
import { applyMigrations } from "./migrate.ts";
import { seed } from "./seed.ts";
import { signToken } from "./tokens.ts";

export interface OwnWorkerOptions extends Pick<DevWorkerOptions, "log" | "signal"> {
  /** Whether the products are called at its sandbox's consoles, which then answer for them. */
  readonly hasConsoles?: boolean;
}

/** A worker as a first `npm start` has it, migrated and seeded, on a free port. Disposing of it leaves nothing behind. */
export async function startOwnWorker(
  authSecret: string,
  { hasConsoles = false, ...options }: OwnWorkerOptions = {},
): Promise<DevWorker> {
  await using undo = new AsyncDisposableStack();
  const stateDir = mkdtempSync(join(tmpdir(), "edge-billing-"));
  undo.defer(() => rmSync(stateDir, { recursive: true, force: true }));
  await applyMigrations(stateDir, options.signal);
  const vars = addressesOf(ensureDevVars().simulatedGateways);
  const worker = undo.use(await startDevWorker({ ...options, stateDir, vars }));
  const adminToken = await signToken({ role: "admin" }, authSecret);
  await seed(worker.baseUrl, adminToken, hasConsoles ? worker.baseUrl : undefined);
  const kept = undo.move();
  return { ...worker, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
