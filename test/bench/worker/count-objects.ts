import { spendObjectMs, tally } from "./counters.ts";
import { replace } from "./replace.ts";

/** Each method called on an object's stub is a request to it. */
export function countObjectCalls(env: Env): void {
  const nameOf = (namespace: unknown): string =>
    Object.entries(env).find(([, binding]) => binding === namespace)?.[0] ?? "object";
  for (const method of ["getByName", "get"]) {
    replace(
      Object.getPrototypeOf(env.ACCOUNTS),
      method,
      (original) =>
        function (...args) {
          return countedStub(original.apply(this, args) as object, nameOf(this));
        },
    );
  }
}

function countedStub(stub: object, name: string): object {
  return new Proxy(stub, {
    get(target, method) {
      const value = Reflect.get(target, method);
      if (typeof value !== "function" || typeof method !== "string") return value;
      return async (...args: unknown[]) => {
        tally("object", `${name}.${method}`);
        const startedAtMs = Date.now();
        try {
          // Not `value.apply`: of what an object offers, every property is a method of the object.
          return await Reflect.apply(value, target, args);
        } finally {
          spendObjectMs(Date.now() - startedAtMs);
        }
      };
    },
  });
}
