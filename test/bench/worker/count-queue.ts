import { tally } from "./counters.ts";
import { replace } from "./replace.ts";

/** Counts the messages that are sent, by their type. */
export function countQueue(queue: Queue): void {
  const prototype = Object.getPrototypeOf(queue);
  replace(
    prototype,
    "send",
    (original) =>
      function (...args) {
        count([args[0]]);
        return original.apply(this, args);
      },
  );
  replace(
    prototype,
    "sendBatch",
    (original) =>
      function (...args) {
        const [messages] = args as [Iterable<{ body: unknown }>];
        count([...messages].map(({ body }) => body));
        return original.apply(this, args);
      },
  );
}

function count(bodies: readonly unknown[]): void {
  tally("queue_call", "send");
  for (const body of bodies) tally("queued", (body as { type?: string }).type ?? "message");
}
