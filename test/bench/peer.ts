import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const NO_CONTENT = 204;
const QUIET_MS = 1_500;
const POLL_MS = 50;

/** Stands for every product console and for the mail service: takes what it is sent. */
export class Peer {
  #lastAtMs = 0;
  #release: (() => void) | null = null;
  #held: Promise<void> | null = null;

  readonly answer = (request: IncomingMessage, response: ServerResponse): void => {
    this.#lastAtMs = performance.now();
    request.resume();
    request.once("end", async () => {
      await this.#held;
      response.writeHead(NO_CONTENT).end();
    });
  };

  /** Keeps everybody waiting until `release`: queues, which wait for their consumer, hand out nothing more. */
  hold(): void {
    this.#held = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release?.();
    this.#held = null;
  }

  /** Waits until nothing has come for a while, at most so long. */
  async untilQuiet(limitMs: number): Promise<void> {
    const startedAtMs = performance.now();
    const isQuiet = () => performance.now() - Math.max(this.#lastAtMs, startedAtMs) > QUIET_MS;
    while (!isQuiet() && performance.now() - startedAtMs < limitMs) await sleep(POLL_MS);
  }
}
