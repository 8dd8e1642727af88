import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { TestProject } from "vitest/node";
import { ensureDevVars } from "../../../src/cli/dev-vars.ts";
import { startOwnWorker } from "../../../src/cli/own-worker.ts";
import { launchChromium } from "./chromium.ts";
import { SCREENSHOTS, WORKER_LOG } from "./places.ts";

/** What all files share: one worker, one browser. */
export interface Running {
  /** The worker's, like `http://127.0.0.1:40123`. */
  readonly origin: string;
  readonly authSecret: string;
  /** Where the browser takes connections. */
  readonly browser: string;
}

declare module "vitest" {
  interface ProvidedContext {
    /** Or why there are none. */
    running: Running | { readonly problem: string };
  }
}

/** Starts them before the first browser test, and ends them after the last. A failure is the browser tests' alone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  rmSync(SCREENSHOTS, { recursive: true, force: true });
  const stack = new AsyncDisposableStack();
  try {
    project.provide("running", await start(stack));
  } catch (error) {
    project.provide("running", { problem: error instanceof Error ? error.message : String(error) });
  }
  return () => stack.disposeAsync();
}

async function start(stack: AsyncDisposableStack): Promise<Running> {
  const browser = await launchChromium();
  stack.defer(() => browser.close());
  const { authSecret } = ensureDevVars();
  mkdirSync(dirname(WORKER_LOG), { recursive: true });
  const log = createWriteStream(WORKER_LOG);
  stack.defer(() => void log.end());
  const options = { hasConsoles: true, log: (chunk: Buffer) => log.write(chunk) };
  const worker = stack.use(await startOwnWorker(authSecret, options));
  return { origin: worker.baseUrl, authSecret, browser: browser.wsEndpoint() };
}
