import { expect, test } from "vitest";
import { runInTimeZone } from "./run-in-time-zone.mjs";

const HOST_ZONES = ["UTC", "America/New_York", "Asia/Ho_Chi_Minh", "Pacific/Apia"];

test("calendar, prices and document codes are the same whatever the host's time zone", async () => {
  const [first, ...others] = await Promise.all(
    HOST_ZONES.map((timeZone) =>
      runInTimeZone<{ hostZone: string; results: unknown[] }>(timeZone, "host-time-zone.program.ts"),
    ),
  );
  expect(first?.results).toHaveLength(300);
  for (const { results } of others) expect(results).toEqual(first?.results);
  expect(new Set([first, ...others].map((run) => run?.hostZone)).size).toBe(HOST_ZONES.length);
});
