import { TOPICS, type Topic, type Topics } from "./outbox.ts";

/** How many commands one delivery may carry. */
export const DRAIN_BATCH = 20;
/** How heavy they may be together: a D1 batch has a limited number of statements. One command always goes. */
export const DRAIN_WEIGHT = 400;
/** No run goes on for longer than this many batches a topic; the alarm takes it from there. */
export const DRAIN_MAX_BATCHES = 50;

/** How a topic's messages reach their destination. It throws when they may not have arrived: they are then told again. */
export type Deliver = { readonly [T in Topic]: (messages: readonly Topics[T][]) => Promise<void> };

export interface DrainDeps {
  read<T extends Topic>(topic: T, limit: number): { seq: number; message: Topics[T] }[];
  /** How many statements or messages one command's message becomes. */
  weigh<T extends Topic>(topic: T, message: Topics[T]): number;
  remove(topic: Topic, seq: number): void;
  readonly deliver: Deliver;
  failed(topic: Topic, seq: number, error: unknown): void;
}

/**
 * Delivers what waits, each topic in order. A message is removed only after its delivery, so each arrives at least
 * once. A topic that fails stops there and is reported; the others go on. Returns whether everything was delivered.
 */
export async function drain(deps: DrainDeps): Promise<boolean> {
  const outcomes = await Promise.all(TOPICS.map((topic) => drainTopic(topic, deps)));
  return outcomes.every(Boolean);
}

async function drainTopic<T extends Topic>(topic: T, deps: DrainDeps): Promise<boolean> {
  for (let batch = 0; batch < DRAIN_MAX_BATCHES; batch += 1) {
    const waiting = lightEnough(deps.read(topic, DRAIN_BATCH), ({ message }) => deps.weigh(topic, message));
    const last = waiting.at(-1);
    if (!last) return true;
    try {
      await deps.deliver[topic](waiting.map(({ message }) => message));
    } catch (error) {
      deps.failed(topic, last.seq, error);
      return false;
    }
    deps.remove(topic, last.seq);
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
