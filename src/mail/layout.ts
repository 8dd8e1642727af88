import { html } from "hono/html";

/** A mail's words: what it says, then a table of what it is about. */
export interface Content {
  readonly subject: string;
  readonly greeting: string;
  readonly message: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly closing: string;
}

export const asText = ({ greeting, message, facts, closing }: Content): string =>
  [greeting, message, facts.map(([label, value]) => `${label}: ${value}`).join("\n"), closing].join("\n\n");

const CELL = "padding:6px 0;border-bottom:1px solid #e5e7eb";

/** One plain layout for every mail: it must read well wherever mails are read. Everything in it is escaped. */
export const asHtml = ({ subject, greeting, message, facts, closing }: Content, language: string): string =>
  html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${subject}</title></head>
<body style="margin:0;background:#f3f4f6;font-family:system-ui,sans-serif;color:#111827">
<div style="max-width:560px;margin:24px auto;padding:24px;background:#fff;border-radius:8px">
<h1 style="font-size:20px;margin:0 0 16px">${subject}</h1>
<p>${greeting}</p>
<p>${message}</p>
<table style="width:100%;border-collapse:collapse;margin:16px 0">
${facts.map(
  ([label, value]) => html`<tr><td style="${CELL};color:#6b7280">${label}</td>
<td style="${CELL};text-align:right">${value}</td></tr>`,
)}
</table>
<p style="color:#6b7280;font-size:14px">${closing}</p>
</div>
</body>
</html>`.toString();
