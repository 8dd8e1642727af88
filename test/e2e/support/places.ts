import { join } from "node:path";
import { root } from "../../../src/cli/paths.ts";

const results = join(root, ".vitest");

/** The last run's pictures. */
export const SCREENSHOTS = join(results, "screenshots");

/** What the worker said in the last run, for whoever wonders why a page answered 500. */
export const WORKER_LOG = join(results, "e2e-worker.log");
