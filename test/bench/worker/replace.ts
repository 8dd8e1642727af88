export type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Puts something in the place of a method, for every object of its kind in this isolate. */
export function replace(prototype: object, method: string, by: (original: Method) => Method): void {
  const found = Reflect.get(prototype, method);
  if (typeof found !== "function") throw new Error(`nothing to count: there is no ${method}`);
  Object.defineProperty(prototype, method, { value: by(found), configurable: true, writable: true });
}
