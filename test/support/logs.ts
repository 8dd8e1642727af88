import { vi } from "vitest";

/** Keeps the worker's log lines out of the report from here on, and tells which warnings and errors were among them. */
export function recordLogs(): { readonly failures: () => string[] } {
  const failures: string[] = [];
  vi.spyOn(console, "info").mockImplementation(() => undefined);
  for (const level of ["warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line: unknown) => {
      failures.push(String((JSON.parse(String(line)) as { event: unknown }).event));
    });
  }
  return { failures: () => failures };
}
