import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Plain JavaScript: the tests beside it are compiled for Workers, without the types of Node. */
export async function runInTimeZone(timeZone, program) {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const { stdout } = await run(process.execPath, [path], { env: { ...process.env, TZ: timeZone } });
  return JSON.parse(stdout);
}
