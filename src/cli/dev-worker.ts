import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { spawnWrangler, stopGroup } from "./wrangler.ts";

const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 50;
const PROBE_TIMEOUT_MS = 5_000;
const HOST = "127.0.0.1";

export interface DevWorkerOptions {
  /** Where D1, Durable Objects and queues keep their data. */
  stateDir: string;
  /** A free one when absent. */
  port?: number;
  /** Beside wrangler.toml's and .dev.vars' values; some name the port that it has come to. */
  vars?: (port: number) => Record<string, string>;
  /** Receives what wrangler prints after the worker is ready; what it printed before is only shown on failure. */
  log?: (chunk: Buffer) => void;
  signal?: AbortSignal;
}

export interface DevWorker extends AsyncDisposable {
  baseUrl: string;
  /** Wrangler, workerd and esbuild all belong to it. */
  processGroup: number | undefined;
  /** Resolves when wrangler ended, whoever ended it. */
  exited: Promise<void>;
}

/** Wrangler and we choose ports before we take them: somebody else may be faster. */
const PORT_ATTEMPTS = 3;
const PORT_IS_TAKEN = "Address already in use";

/** The worker under `wrangler dev`, answering /healthz; disposing of it ends every process. Throws with wrangler's output when it doesn't come up. */
export async function startDevWorker(options: DevWorkerOptions): Promise<DevWorker> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToStart(options);
    } catch (error) {
      const isTaken = error instanceof Error && error.message.includes(PORT_IS_TAKEN);
      if (!isTaken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function tryToStart(options: DevWorkerOptions): Promise<DevWorker> {
  const port = options.port ?? (await freePort());
  const vars = Object.entries(options.vars?.(port) ?? {}).flatMap(([key, value]) => [
    "--var",
    `${key}:${value}`,
  ]);
  const wrangler = spawnWrangler([
    ...["dev", "--ip", HOST, "--port", String(port), "--inspector-port", String(await freePort())],
    ...["--persist-to", options.stateDir, "--show-interactive-dev-session=false", ...vars],
  ]);
  const stop = () => stopGroup(wrangler);
  const exited = once(wrangler, "exit").then(() => {});

  const startUpOutput: Buffer[] = [];
  let receive = (chunk: Buffer): void => void startUpOutput.push(chunk);
  for (const stream of [wrangler.stdout, wrangler.stderr])
    stream?.on("data", (chunk: Buffer) => receive(chunk));

  const baseUrl = `http://${HOST}:${port}`;
  const gaveUp = new AbortController();
  void exited.then(() => gaveUp.abort());
  const signals = [gaveUp.signal, AbortSignal.timeout(READY_TIMEOUT_MS), options.signal ?? []].flat();
  try {
    await untilHealthy(baseUrl, AbortSignal.any(signals));
  } catch {
    await stop();
    options.signal?.throwIfAborted();
    throw new Error(`the worker did not start:\n${Buffer.concat(startUpOutput).toString()}`);
  }
  receive = options.log ?? (() => {});
  return { baseUrl, processGroup: wrangler.pid, exited, [Symbol.asyncDispose]: stop };
}

async function untilHealthy(baseUrl: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await isHealthy(baseUrl)) return;
    await sleep(READY_POLL_MS, undefined, { signal });
  }
}

async function isHealthy(baseUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${baseUrl}/healthz`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}

export async function isPortFree(port: number): Promise<boolean> {
  return (await listen(port)) !== undefined;
}

async function freePort(): Promise<number> {
  const port = await listen(0);
  if (port === undefined) throw new Error("no free port on this machine");
  return port;
}

async function listen(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host: HOST, exclusive: true });
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" ? address?.port : undefined;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
