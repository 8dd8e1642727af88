import { exports } from "cloudflare:workers";
import { ACTIONS, type Action } from "../../src/http/actions.ts";
import type { Locale } from "../../src/texts/locale.ts";
import {
  admin,
  bodyOf,
  type Client,
  type ItemRequest,
  type OrderView,
  type TestAccount,
} from "../support/api.ts";

export const ORIGIN = "http://edge-billing.test";
export const RETURN_URL = "https://console.example/servers";

/** A page as it was answered, with what people read of it. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly text: string;
}

export interface Request {
  readonly method?: string;
  readonly cookie?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly origin?: string;
}

/** Asks for a page as a browser does, but follows nothing. */
export async function look(
  path: string,
  { method = "GET", cookie, headers = {}, origin = ORIGIN }: Request = {},
): Promise<Seen> {
  const response = await exports.default.fetch(new URL(path, origin).href, {
    method,
    redirect: "manual",
    headers: { ...(cookie === undefined ? {} : { Cookie: cookie }), ...headers },
  });
  // A file is none of a page's text.
  const html = new TextDecoder().decode(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, html, text: textOf(html) };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** What a page's body says, tags and runs of white space aside. */
const textOf = (html: string): string =>
  html
    .replace(/<head>.*?<\/head>/s, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity)
    .replaceAll(/\s+/g, " ");

/** A link into the portal, as a product's console or operations ask for it. */
export const askForLink = (account: TestAccount, request: object = {}, by: Client = admin) =>
  by.post<{ url: string; expiresAt: string }>(`${account.path}/portal-sessions`, {
    user: "an@example.com",
    returnUrl: RETURN_URL,
    ...request,
  });

/** The cookie that a response sets, as the browser sends it back. */
export const cookieOf = ({ headers }: Seen): string => (headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";

/** Somebody who has just entered the portal. */
export class Visitor {
  readonly cookie: string;

  constructor(cookie: string) {
    this.cookie = cookie;
  }

  see = (path: string, locale: Locale = "en", request: Request = {}): Promise<Seen> =>
    look(path, { ...request, cookie: `${this.cookie}; lang=${locale}` });

  signOut = (): Promise<Seen> =>
    look("/portal/sign-out", {
      method: "POST",
      cookie: this.cookie,
      headers: { Origin: ORIGIN, "Content-Type": "application/x-www-form-urlencoded" },
    });
}

export async function visit(account: TestAccount, actions: readonly Action[] = ACTIONS): Promise<Visitor> {
  const { url } = bodyOf(await askForLink(account, { actions }), 201);
  const entered = await look(url);
  if (entered.status !== 303) throw new Error(`entering was answered ${entered.status}: ${entered.text}`);
  return new Visitor(cookieOf(entered));
}

/** The cells of every row of a page's list, as people read them. */
export const rowsOf = ({ html }: Seen): string[][] =>
  [...html.matchAll(/<tr[^>]*>(?:<td.*?)<\/tr>/gs)].map(([row]) =>
    [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = ""]) =>
      cell
        .replaceAll(/<[^>]*>/g, " ")
        .replaceAll(/\s+/g, " ")
        .trim(),
    ),
  );

export const hrefOf = ({ html }: Seen, rel: "next" | "prev"): string | undefined =>
  new RegExp(`rel="${rel}" href="([^"]+)"`).exec(html)?.[1]?.replaceAll("&amp;", "&");

/** An order that was paid and delivered. */
export const buy = async (account: TestAccount, ...items: readonly ItemRequest[]): Promise<OrderView> =>
  account.provisionAll((await account.placeAndPay(...items)).id, "succeeded");
