import { type ChildProcess, spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./paths.ts";

const STOP_TIMEOUT_MS = 5_000;
const STOP_POLL_MS = 50;

// In the environment and not in .env, whose lines would become bindings of the worker.
const quiet = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG_PATH: join(root, ".wrangler/logs"),
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  X_LOCAL_OBSERVABILITY: "false",
  X_LOCAL_EXPLORER: "false",
};

/** Wrangler in a process group of its own, so that workerd and esbuild end with it; and with this process, however it exits. */
export function spawnWrangler(args: string[]): ChildProcess {
  const wrangler = spawn(process.execPath, [join(root, "node_modules/wrangler/bin/wrangler.js"), ...args], {
    cwd: root,
    // [build] in wrangler.toml calls `node`, which must be this one also when npm didn't start us.
    env: {
      ...process.env,
      ...quiet,
      PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}`,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  const end = () => signalGroup(wrangler, "SIGKILL");
  process.once("exit", end);
  wrangler.once("exit", () => process.off("exit", end));
  return wrangler;
}

/** Resolves when no process of the group is left. */
export async function stopGroup(child: ChildProcess): Promise<void> {
  if (process.platform === "win32") return stopTree(child);
  const deadlineMs = Date.now() + STOP_TIMEOUT_MS;
  if (!signalGroup(child, "SIGTERM")) return;
  while (Date.now() < deadlineMs) {
    await sleep(STOP_POLL_MS);
    if (!signalGroup(child, 0)) return;
  }
  signalGroup(child, "SIGKILL");
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

async function stopTree(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const killer = spawn("taskkill", ["/pid", String(child.pid), "/t", "/f"], { stdio: "ignore" });
  await new Promise((resolve) => killer.once("exit", resolve).once("error", resolve));
}
