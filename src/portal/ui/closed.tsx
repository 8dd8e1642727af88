import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { App } from "../../http/context.ts";
import { describeError, log } from "../../observability/log.ts";
import { portalTexts } from "../../texts/portal.ts";
import { languageOf } from "../language.ts";
import { answerPage, Brand } from "./document.tsx";

interface Closed {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly hint?: Child;
  /** Where to go from here. */
  readonly next?: Child;
}

/** A page that says why there is nothing else to see. */
export function closed(c: Context<App>, { status, title, hint, next }: Closed) {
  const locale = languageOf(c);
  const content = (
    <section class="card">
      <h1>{title}</h1>
      {hint === undefined ? null : <p class="quiet">{hint}</p>}
      {next === undefined ? null : <p>{next}</p>}
    </section>
  );
  return answerPage(c, { locale, title, header: <Brand locale={locale} />, width: "slim" }, content, status);
}

export function nothingHere(c: Context<App>) {
  const { notFound: title, notFoundHint: hint } = portalTexts[languageOf(c)];
  return closed(c, { status: 404, title, hint });
}

/** What people see when a page fails: a number to tell us, nothing of what went wrong inside. */
export function failedPage(error: Error, c: Context<App>) {
  const texts = portalTexts[languageOf(c)];
  if (error instanceof HTTPException && error.status === 403)
    return closed(c, { status: 403, title: texts.formRefused, hint: texts.formRefusedHint });
  if (error instanceof HTTPException && error.status === 413)
    return closed(c, { status: 413, title: texts.formTooLarge, hint: texts.formTooLargeHint });
  const requestId = c.get("requestId");
  log("error", "page_failed", { requestId, path: c.req.path, error: describeError(error) });
  const hint = (
    <>
      {texts.failedHint} <span class="code">{requestId}</span>
    </>
  );
  return closed(c, { status: 500, title: texts.failed, hint });
}
