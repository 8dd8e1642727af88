import { vi } from "vitest";

export interface Logs {
  /** What all lines were about. */
  readonly events: () => string[];
  /** What the warnings and errors were about. */
  readonly failures: () => string[];
}

/** Keeps the worker's log lines out of the report from here on, and remembers which events they were about. */
export function recordLogs(): Logs {
  const events: string[] = [];
  const failures: string[] = [];
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line: unknown) => {
      const { event } = JSON.parse(String(line)) as { event: string };
      events.push(event);
      if (level !== "info") failures.push(event);
    });
  }
  return { events: () => events, failures: () => failures };
}
