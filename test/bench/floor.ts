import { join } from "node:path";
import { type Runtime, startRuntime } from "./runtime.ts";

/** The smallest worker with an object that keeps something: what the machine and the runtime give at best. */
export const startFloor = (directory: string): Promise<Runtime> =>
  startRuntime({ config: join(import.meta.dirname, "worker/floor.toml"), directory, vars: {} });
