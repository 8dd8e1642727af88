import * as http from "node:http";
import * as https from "node:https";

/** One request, and what to do with its answer. */
export interface Shot {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
  answered?(body: string): void;
}

export interface LoadOptions {
  readonly baseUrl: string;
  readonly concurrency: number;
  /** No request is begun after it. */
  readonly durationMs: number;
  /** The next request, or null where there are no more. */
  next(): Shot | null;
}

export interface Measured {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const SHOT_TIMEOUT_MS = 30_000;

/** Keeps so many requests under way on connections that stay open. Throws at the first answer that isn't as wanted. */
export async function load({ baseUrl, concurrency, durationMs, next }: LoadOptions): Promise<Measured> {
  const { hostname, port, protocol } = new URL(baseUrl);
  const { Agent, request } = protocol === "https:" ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const server = { request, options: { agent, hostname, port } };
  const latenciesMs: number[] = [];
  const startedAtMs = performance.now();
  const worker = async (): Promise<void> => {
    while (performance.now() - startedAtMs < durationMs) {
      const shot = next();
      if (!shot) return;
      const shotAtMs = performance.now();
      const { status, body } = await fire(server, shot);
      latenciesMs.push(performance.now() - shotAtMs);
      if (status !== shot.status) throw new Error(`${shot.method} ${shot.path} answered ${status}: ${body}`);
      shot.answered?.(body);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, worker));
  } finally {
    agent.destroy();
  }
  return summary(latenciesMs, performance.now() - startedAtMs);
}

interface Server {
  readonly request: typeof http.request;
  readonly options: http.RequestOptions;
}

function fire(server: Server, shot: Shot): Promise<{ status: number; body: string }> {
  const { method, path, headers = {}, body } = shot;
  return new Promise((resolve, reject) => {
    const sent = server.request({
      ...server.options,
      method,
      path,
      headers: { ...headers, ...lengthOf(body) },
    });
    sent.setTimeout(SHOT_TIMEOUT_MS, () => sent.destroy(new Error(`${method} ${path} took too long`)));
    sent.once("error", (cause) => reject(new Error(`${method} ${path} failed`, { cause })));
    sent.once("response", (answer: http.IncomingMessage) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("error", reject);
      answer.once("end", () =>
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.end(body);
  });
}

const lengthOf = (body: string | undefined): Record<string, number> =>
  body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };

function summary(latenciesMs: number[], elapsedMs: number): Measured {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const quantile = (q: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
  return {
    requests: sorted.length,
    perSecond: (sorted.length * 1_000) / elapsedMs,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}
