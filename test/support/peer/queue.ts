import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type MockInstance, vi } from "vitest";
import { type Job, jobsIn, type Parcel } from "../../../src/account/jobs.ts";
import worker from "../../../src/index.ts";

const QUEUED = { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };

export interface Delivery {
  /** How often each message was tried before, this time included. */
  readonly attempts?: number;
  /** The installation's bindings and values, where they differ from the tests' own. */
  readonly installation?: Partial<Env>;
}

/** What the consumer did with one message: the delay in seconds after which it wants it again, null where it is done. */
export type Fate = number | null;

const consume = async (
  queue: string,
  jobs: readonly Parcel[],
  { attempts = 1, installation }: Delivery,
): Promise<Fate[]> => {
  const messages = jobs.map((body, n) => ({ id: String(n), timestamp: new Date(), attempts, body }));
  const batch = createMessageBatch<Parcel>(queue, messages);
  const fates = new Map<string, Fate>();
  for (const message of batch.messages) {
    const retry = message.retry.bind(message);
    message.retry = (options) => {
      fates.set(message.id, options?.delaySeconds ?? 0);
      retry(options);
    };
  }
  await worker.queue(batch, { ...env, ...installation } as Env);
  return messages.map(({ id }) => fates.get(id) ?? null);
};

/** The jobs queue as it is, given these messages in one batch. */
export const deliver = (jobs: readonly Parcel[], how: Delivery = {}): Promise<Fate[]> =>
  consume("edge-billing-jobs", jobs, how);

/** The queue's dead letters: jobs that were tried as often as the queue allows. */
export const deliverDead = (jobs: readonly Parcel[], how: Delivery = {}): Promise<Fate[]> =>
  consume("edge-billing-dead-letters", jobs, how);

/** A jobs queue that stands still: what the worker sends waits until the test moves it on. */
export class StandingQueue {
  #waiting: Job[] = [];
  readonly #spies: MockInstance[];

  constructor() {
    this.#spies = [
      vi.spyOn(env.JOBS, "sendBatch").mockImplementation(async (messages) => {
        this.#waiting.push(...[...messages].flatMap(({ body }) => jobsIn(body as Parcel)));
        return QUEUED;
      }),
      vi.spyOn(env.JOBS, "send").mockImplementation(async (body) => {
        this.#waiting.push(body as Job);
        return QUEUED;
      }),
    ];
  }

  get waiting(): readonly Job[] {
    return this.#waiting;
  }

  /** Takes out what waits. */
  take(): Job[] {
    return this.#waiting.splice(0);
  }

  /** Delivers what waits, in one batch. */
  deliver = (how?: Delivery): Promise<Fate[]> => deliver(this.take(), how);

  /** Delivers what waits, and what that brings, until nothing does. */
  async drain(how?: Delivery): Promise<void> {
    while (this.#waiting.length > 0) await this.deliver(how);
  }

  /** From here on it takes no messages. */
  breakDown(): void {
    for (const spy of this.#spies) spy.mockRejectedValue(new Error("the queue is down"));
  }
}
