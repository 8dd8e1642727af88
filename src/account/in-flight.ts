import type { KeyedRequest } from "./idempotency.ts";
import { within } from "./within.ts";

/** An identical request waits this long for the first one's answer. (README: How it's built.) */
export const WAIT_FOR_FIRST_MS = 10_000;

export type Joined<O> =
  | { readonly kind: "first" | "same"; readonly outcome: O }
  | { readonly kind: "other" | "timeout" };

/** Keyed requests that are being worked on right now; they live and die with this object's memory. */
export class InFlight<O> {
  readonly #running = new Map<string, { readonly hash: string; readonly outcome: Promise<O> }>();

  /** Runs the request, or waits for the identical one that is running already. */
  async join({ caller, key, hash }: KeyedRequest, run: () => O | Promise<O>): Promise<Joined<O>> {
    const id = JSON.stringify([caller, key]);
    const first = this.#running.get(id);
    if (first) {
      if (first.hash !== hash) return { kind: "other" };
      const same = first.outcome.then((outcome) => ({ kind: "same", outcome }) as const);
      return within(WAIT_FOR_FIRST_MS, same, { kind: "timeout" } as const);
    }
    const result = run();
    if (!(result instanceof Promise)) return { kind: "first", outcome: result };
    this.#running.set(id, { hash, outcome: result });
    try {
      return { kind: "first", outcome: await result };
    } finally {
      this.#running.delete(id);
    }
  }
}
