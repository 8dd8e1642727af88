import { type Delivered, TOPICS, type Topic, type Topics } from "./outbox.ts";

/** How many commands one delivery may carry. */
export const DRAIN_BATCH = 64;
/** How heavy they may be together: what waits must fit into memory and a D1 batch. One command always goes. */
export const DRAIN_WEIGHT = 400;
/** No run goes on for longer than this many batches a topic; the alarm takes it from there. */
export const DRAIN_MAX_BATCHES = 50;

/** How a topic's messages reach their destination. It throws when they may not have arrived: they are then told again. */
export type Deliver = { readonly [T in Topic]: (messages: readonly Topics[T][]) => Promise<void> };

export interface DrainDeps {
  /** The oldest messages of a topic after a command. */
  read<T extends Topic>(topic: T, after: number, limit: number): { seq: number; message: Topics[T] }[];
  /** How many rows or jobs one command's message becomes. */
  weigh<T extends Topic>(topic: T, message: Topics[T]): number;
  /** Forgets what arrived. */
  remove(delivered: Delivered): void;
  readonly deliver: Deliver;
  failed(topic: Topic, seq: number, error: unknown): void;
}

/**
 * Delivers what waits, each topic in order. Messages are removed only after their delivery, all topics' in one go, so
 * each arrives at least once. A topic that fails stops there and is reported; the others go on. Returns whether
 * everything was delivered.
 */
export async function drain(deps: DrainDeps): Promise<boolean> {
  const delivered: { [T in Topic]?: number } = {};
  const outcomes = TOPICS.map((topic) =>
    drainTopic(topic, deps, (seq) => {
      delivered[topic] = seq;
    }),
  );
  const isDone = (await Promise.all(outcomes)).every(Boolean);
  deps.remove(delivered);
  return isDone;
}

async function drainTopic<T extends Topic>(
  topic: T,
  deps: DrainDeps,
  arrived: (seq: number) => void,
): Promise<boolean> {
  let after = 0;
  for (let batch = 0; batch < DRAIN_MAX_BATCHES; batch += 1) {
    const waiting = lightEnough(deps.read(topic, after, DRAIN_BATCH), ({ message }) =>
      deps.weigh(topic, message),
    );
    const last = waiting.at(-1);
    if (!last) return true;
    try {
      await deps.deliver[topic](waiting.map(({ message }) => message));
    } catch (error) {
      deps.failed(topic, last.seq, error);
      return false;
    }
    after = last.seq;
    arrived(after);
  }
  return false;
}

/** The first of `items` that are light enough together, and the first in any case. */
function lightEnough<I>(items: readonly I[], weigh: (item: I) => number): readonly I[] {
  let weight = 0;
  const end = items.findIndex((item, index) => {
    weight += weigh(item);
    return index > 0 && weight > DRAIN_WEIGHT;
  });
  return end < 0 ? items : items.slice(0, end);
}
