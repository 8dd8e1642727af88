export type What =
  | "worker"
  | "consumed"
  | "queued"
  | "queue_call"
  | "object"
  | "alarm"
  | "alarm_set"
  | "object_sql"
  | "d1_sql"
  | "d1_call";

/** Something that is billed, and which of it: `sql` is a statement's verb and table, `name` a method or the like. */
export interface Tally {
  readonly what: What;
  readonly name: string;
  times: number;
  rowsRead: number;
  rowsWritten: number;
}

/** What was counted of several requests, and the objects whose alarm is still to come. */
export interface Counts {
  readonly tallies: readonly Tally[];
  readonly objectMs: number;
  readonly armedAlarms: number;
}

const tallies = new Map<string, Tally>();
const armed = new Set<string>();
let objectMs = 0;

/** Adds to a tally; `times` may be 0 where more rows of something counted before turn up. */
export function tally(
  what: What,
  name: string,
  of: { times?: number; rowsRead?: number; rowsWritten?: number } = {},
): void {
  const key = `${what} ${name}`;
  const found = tallies.get(key) ?? { what, name, times: 0, rowsRead: 0, rowsWritten: 0 };
  found.times += of.times ?? 1;
  found.rowsRead += of.rowsRead ?? 0;
  found.rowsWritten += of.rowsWritten ?? 0;
  tallies.set(key, found);
}

/** Time that an object was busy with a request, waiting included. */
export function spendObjectMs(ms: number): void {
  objectMs += ms;
}

/** Remembers whether an object, named by its id, has an alarm before it. */
export function setArmed(object: string, isArmed: boolean): void {
  if (isArmed) armed.add(object);
  else armed.delete(object);
}

/** Everything since the last call. */
export function takeCounts(): Counts {
  const taken = { tallies: [...tallies.values()], objectMs, armedAlarms: armed.size };
  tallies.clear();
  objectMs = 0;
  return taken;
}

/** A statement's verb and table: `INSERT orders`. */
export function nameOfStatement(sql: string): string {
  const verb = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? "?";
  const table = /\b(?:INTO|FROM|UPDATE|TABLE)\s+"?(\w+)/i.exec(sql)?.[1] ?? "?";
  return `${verb} ${table}`;
}
