import type { Context } from "hono";
import { html } from "hono/html";
import type { Child, PropsWithChildren } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { furniture } from "../../texts/furniture.ts";
import { LOCALES, type Locale } from "../../texts/locale.ts";

export interface DocumentProps {
  readonly locale: Locale;
  readonly title: string;
  /** What stands at the top: where one is, and where one can go. */
  readonly header: Child;
  /** Slim for a message, narrow for one thing at a time, wide for lists. */
  readonly width?: "slim" | "narrow" | "wide";
  /** Something is under way: where the script can't look again, the browser does. */
  readonly looksAgain?: boolean;
}

const LOOK_AGAIN_SECONDS = 5;

/** Answers a whole page. Everything it needs comes from this installation; it reads and works without its script. */
export const answerPage = (
  c: Context,
  props: DocumentProps,
  content: Child,
  status: ContentfulStatusCode = 200,
) =>
  c.html(
    html`<!doctype html>${(
      <Document {...props} search={new URL(c.req.url).search}>
        {content}
      </Document>
    )}`,
    status,
  );

const Document = ({
  locale,
  title,
  header,
  width = "wide",
  looksAgain = false,
  search,
  children,
}: PropsWithChildren<DocumentProps & { readonly search: string }>) => {
  const texts = furniture[locale];
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${texts.brand}`}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/pages.css" />
        <script type="module" src="/pages.js"></script>
        {looksAgain
          ? html`<noscript><meta http-equiv="refresh" content="${LOOK_AGAIN_SECONDS}" /></noscript>`
          : null}
      </head>
      <body class={width}>
        <a class="skip" href="#content">
          {texts.skipToContent}
        </a>
        <header class="top">{header}</header>
        <p id="news" role="status" class="hidden"></p>
        <main id="content" tabindex={-1}>
          {children}
        </main>
        <footer class="bottom">
          <span>{texts.brand}</span>
          <nav aria-label={texts.language}>
            {LOCALES.map((other) => (
              <a
                href={inLanguage(other, search)}
                hreflang={other}
                lang={other}
                aria-current={other === locale ? "true" : undefined}
              >
                {furniture[other].languageName}
              </a>
            ))}
          </nav>
        </footer>
      </body>
    </html>
  );
};

/** The same page, asked for the same, in another language. */
function inLanguage(locale: Locale, search: string): string {
  const asked = new URLSearchParams(search);
  asked.set("lang", locale);
  return `?${asked}`;
}

export const Brand = ({ locale }: { readonly locale: Locale }) => (
  <span class="brand">
    <img src="/icon.svg" alt="" width="24" height="24" />
    {furniture[locale].brand}
  </span>
);
