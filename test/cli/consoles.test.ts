import { expect, test } from "vitest";
import { movedConsoleUrl } from "../../src/cli/consoles.ts";

const HERE = "http://localhost:9000";
const moved = (callbackUrl?: string) => movedConsoleUrl(callbackUrl, HERE, "vserver");

test("a product that is called at its sandbox console follows it to another port", () => {
  expect(moved("http://localhost:8787/sandbox/consoles/vserver/calls")).toBe(
    "http://localhost:9000/sandbox/consoles/vserver/calls",
  );
});

test.each([
  ["already called there", "http://localhost:9000/sandbox/consoles/vserver/calls"],
  ["not called at all", undefined],
  ["called at another product's console", "http://localhost:8787/sandbox/consoles/vmonitor/calls"],
  ["called at another path", "http://localhost:8787/calls"],
  ["called at another machine", "https://console.example.com/sandbox/consoles/vserver/calls"],
])("a product that is %s stays as it is", (_, callbackUrl) => {
  expect(moved(callbackUrl)).toBeNull();
});
