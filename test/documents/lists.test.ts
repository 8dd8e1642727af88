import { describe, expect, it } from "vitest";
import { writeCsv } from "../../src/documents/lists/csv.ts";
import type { ListFile, ListReader } from "../../src/documents/lists/list-file.ts";
import { writeXlsx } from "../../src/documents/lists/xlsx.ts";
import { ACCOUNT } from "./samples.ts";

const READER: ListReader = { account: ACCOUNT, locale: "en" };
const ROWS = 50_000;

const LIST: ListFile<number> = {
  title: "Rows",
  name: "rows",
  facts: [],
  columns: [
    { title: "Name", width: 10, kind: "text", of: (n) => `row ${Math.sin(n)}` },
    { title: "Amount", width: 10, kind: "amount", of: (n) => n },
  ],
};

describe.each([
  ["spreadsheet", writeXlsx],
  ["CSV", writeCsv],
])("a long list as a %s", (_, write) => {
  it("is written while it is read: little of it is in memory at once", async () => {
    let read = 0;
    async function* rows() {
      for (; read < ROWS; read += 1) yield read;
    }
    const seen: number[] = [];
    for await (const _chunk of await write(LIST, rows(), READER)) seen.push(read);
    expect(read).toBe(ROWS);
    expect(seen[0]).toBeLessThan(ROWS / 10);
    expect(seen[Math.floor(seen.length / 2)]).toBeLessThan((ROWS * 3) / 4);
  });
});
