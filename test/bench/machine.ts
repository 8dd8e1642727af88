import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, totalmem, type } from "node:os";

const BYTES_PER_GIB = 1_024 ** 3;
const require = createRequire(import.meta.url);

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(require.resolve(`${name}/package.json`), "utf8")).version;

/** What a run's numbers belong to. */
export function machine(): string {
  const memoryGib = Math.round(totalmem() / BYTES_PER_GIB);
  const [load = 0] = loadavg();
  return [
    `Node ${process.version}, workerd ${versionOf("workerd")}, wrangler ${versionOf("wrangler")}`,
    `${availableParallelism()} cores (${cpus()[0]?.model ?? "unknown"}), ${memoryGib} GiB, ${type()}, load before ${load.toFixed(1)}`,
  ].join("\n");
}
