import { expect, it } from "vitest";
import { invoicePdf } from "../../src/documents/invoice-pdf.ts";
import { read } from "./reading.ts";
import { ACCOUNT, INVOICE } from "./samples.ts";

const TIMEOUT_MS = 30_000;

it("a letter that was first needed as a part of another is found in documents after that", {
  timeout: TIMEOUT_MS,
}, async () => {
  await invoicePdf({ ...INVOICE, resourceName: "Ỷ" }, ACCOUNT, "vi");
  const { texts } = await read(await invoicePdf({ ...INVOICE, resourceName: "Yes" }, ACCOUNT, "vi"));
  expect(texts[0]).toContain("Yes");
});
