import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const HOST = "127.0.0.1";
const NO_CONTENT = 204;
const QUIET_MS = 1_500;
const POLL_MS = 50;

/** Stands for every product console and for the mail service: takes what it is sent. */
export interface Peer extends AsyncDisposable {
  /** `host:port` */
  readonly address: string;
  /** Waits until nothing has come for a while, at most so long. */
  untilQuiet(limitMs: number): Promise<void>;
}

export async function startPeer(): Promise<Peer> {
  let lastAtMs = 0;
  const server = createServer((request, response) => {
    lastAtMs = performance.now();
    request.resume();
    request.once("end", () => response.writeHead(NO_CONTENT).end());
  });
  server.listen(0, HOST);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the peer has no port");
  return {
    address: `${HOST}:${address.port}`,
    async untilQuiet(limitMs) {
      const startedAtMs = performance.now();
      const isQuiet = () => performance.now() - Math.max(lastAtMs, startedAtMs) > QUIET_MS;
      while (!isQuiet() && performance.now() - startedAtMs < limitMs) await sleep(POLL_MS);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
