import { setArmed, tally } from "./counters.ts";
import { replace } from "./replace.ts";

/**
 * An alarm of the next minutes goes off after seconds, when everything that it looks after has arrived: it finds what
 * it would have found, and nobody has to wait for it.
 */
const SOON_MS = 2 * 60_000;
const SOONER_MS = 4_000;

const idOfStorage = new WeakMap<object, string>();

/** Tells whose storage it is: an alarm is set on a storage, and goes off in an object. */
export function nameStorage({ id, storage }: DurableObjectState): void {
  idOfStorage.set(storage, id.toString());
}

/** Counts every time that an alarm is set or taken back. */
export function countAlarmSets(storage: DurableObjectStorage): void {
  for (const method of ["setAlarm", "deleteAlarm"]) {
    replace(
      Object.getPrototypeOf(storage),
      method,
      (original) =>
        function (...args) {
          tally("alarm_set", method);
          setArmed(idOfStorage.get(this as object) ?? "", method === "setAlarm");
          const [atMs] = args;
          const isSoon = typeof atMs === "number" && atMs < Date.now() + SOON_MS;
          return original.apply(this, isSoon ? [Date.now() + SOONER_MS] : args);
        },
    );
  }
}

/** Counts that an object was woken by its alarm. */
export function countAlarm({ id }: DurableObjectState, name: string): void {
  setArmed(id.toString(), false);
  tally("alarm", name);
}
