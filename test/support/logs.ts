import { vi } from "vitest";

/** Keeps the worker's log lines out of the report from here on, and tells which events they were about. */
export function recordLogs(): { readonly events: () => string[] } {
  const lines: string[] = [];
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line: unknown) => {
      lines.push(String(line));
    });
  }
  return { events: () => lines.map((line) => String((JSON.parse(line) as { event: unknown }).event)) };
}
