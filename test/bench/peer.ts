import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const NO_CONTENT = 204;
const QUIET_MS = 1_500;
const POLL_MS = 50;

/** Stands for every product console and for the mail service: takes what it is sent. */
export class Peer {
  #lastAtMs = 0;

  readonly answer = (request: IncomingMessage, response: ServerResponse): void => {
    this.#lastAtMs = performance.now();
    request.resume();
    request.once("end", () => response.writeHead(NO_CONTENT).end());
  };

  /** Waits until nothing has come for a while, at most so long. */
  async untilQuiet(limitMs: number): Promise<void> {
    const startedAtMs = performance.now();
    const isQuiet = () => performance.now() - Math.max(this.#lastAtMs, startedAtMs) > QUIET_MS;
    while (!isQuiet() && performance.now() - startedAtMs < limitMs) await sleep(POLL_MS);
  }
}
