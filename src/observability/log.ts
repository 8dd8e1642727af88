type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One structured line an event. Fields never hold secrets, tokens or card data. */
export function log(level: "info" | "warn" | "error", event: string, fields: Fields = {}): void {
  console[level](JSON.stringify({ event, ...fields }));
}

/** What a log line says of an unknown error. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
