import { countAlarmSets, nameStorage } from "./count-alarms.ts";
import { countD1 } from "./count-d1.ts";
import { countObjectCalls } from "./count-objects.ts";
import { countQueue } from "./count-queue.ts";
import { countSql } from "./count-sql.ts";

const instrumented = new Set<string>();

/** An isolate's bindings and storages share their methods: each kind is instrumented once. */
function once(kind: string, instrument: () => void): void {
  if (instrumented.has(kind)) return;
  instrumented.add(kind);
  instrument();
}

/** Counts what leaves through the bindings: calls of objects, D1 statements, queue messages. */
export function countBindings(env: Env): void {
  once("objects", () => countObjectCalls(env));
  once("d1", () => countD1(env.DB));
  once("queue", () => countQueue(env.JOBS));
}

/** Counts what objects do to their storages: rows and alarms. */
export function countStorage(ctx: DurableObjectState): void {
  nameStorage(ctx);
  once("sql", () => countSql(ctx.storage.sql));
  once("alarms", () => countAlarmSets(ctx.storage));
}
