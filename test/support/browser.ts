import { exports } from "cloudflare:workers";
import { type HTMLElement, type Node, parse, TextNode } from "node-html-parser";

const MAX_REDIRECTS = 5;

export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** What else the cookie was set with, in lower case: `httponly`, `samesite=lax` … */
  readonly flags: readonly string[];
}

export interface Form {
  readonly url: string;
  readonly method: "get" | "post";
  /** What would be sent if nothing were entered; of fields that come twice the last. */
  readonly fields: Readonly<Record<string, string>>;
  /** The same, with those that come twice. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** Whether one of its buttons can be pressed. */
  readonly isOffered: boolean;
  readonly page: Page;
}

/** What somebody enters into a form: null for what is left out, as a box that isn't ticked. */
export type Entered = Readonly<Record<string, string | null>>;

/** What people use to look at pages: it keeps cookies, follows redirects and sends forms as browsers do, without scripts. */
export class Browser {
  readonly #language: string;
  #cookies: readonly Cookie[] = [];

  constructor({ language = "en-GB,en;q=0.9" }: { readonly language?: string } = {}) {
    this.#language = language;
  }

  get cookies(): readonly Cookie[] {
    return this.#cookies;
  }

  /** Takes a cookie as if a page had set it. */
  keep(cookie: Cookie): void {
    const others = this.#cookies.filter(({ name, path }) => name !== cookie.name || path !== cookie.path);
    this.#cookies = cookie.flags.includes("max-age=0") ? others : [...others, cookie];
  }

  /** Goes to an address, as by a link on another site. */
  open = (url: string): Promise<Page> => this.#follow(url, { headers: { "Sec-Fetch-Site": "cross-site" } });

  /** Sends a form of a page, with something entered into it, and shows what comes of it. */
  send(form: Form, entered: Entered = {}): Promise<Page> {
    const data = new URLSearchParams();
    for (const [name, value] of form.pairs) if (!Object.hasOwn(entered, name)) data.append(name, value);
    for (const [name, value] of Object.entries(entered)) if (value !== null) data.append(name, value);
    const headers = { "Sec-Fetch-Site": "same-origin" };
    if (form.method === "get") {
      const url = new URL(form.url);
      url.search = data.toString();
      return this.#follow(url.href, { headers });
    }
    // A page that sends no referrer doesn't say where its forms come from either.
    const isAnonymous = form.page.headers.get("Referrer-Policy") === "no-referrer";
    const Origin = isAnonymous ? "null" : new URL(form.page.url).origin;
    return this.#follow(form.url, { method: "POST", headers: { ...headers, Origin }, body: data });
  }

  /** One request and its answer, redirects not followed. */
  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("Accept", "text/html");
    headers.set("Accept-Language", this.#language);
    const sent = this.#cookies.filter((cookie) => isSentTo(cookie, new URL(url)));
    if (sent.length > 0) headers.set("Cookie", sent.map(({ name, value }) => `${name}=${value}`).join("; "));
    const response = await exports.default.fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) this.keep(parseCookie(line));
    return response;
  }

  async #follow(url: string, init: RequestInit): Promise<Page> {
    let at = url;
    let response = await this.request(at, init);
    for (let count = 0; response.headers.has("Location"); count += 1) {
      if (count === MAX_REDIRECTS) throw new Error(`${url} leads nowhere`);
      at = new URL(response.headers.get("Location") ?? "", at).href;
      await response.body?.cancel();
      response = await this.request(at, { headers: { "Sec-Fetch-Site": "same-origin" } });
    }
    return readPage(at, response);
  }
}

/** A page as its reader sees it. */
export class Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly #document: HTMLElement;

  constructor(url: string, { status, headers }: Response, html: string) {
    this.url = url;
    this.status = status;
    this.headers = headers;
    this.html = html;
    this.#document = parse(html);
  }

  find = (selector: string): HTMLElement | null => this.#document.querySelector(selector);

  findAll = (selector: string): readonly HTMLElement[] => this.#document.querySelectorAll(selector);

  /** The words of what is found first; null where nothing is. */
  textOf(selector: string): string | null {
    const found = this.find(selector);
    return found && wordsOf(found);
  }

  get language(): string | undefined {
    return this.find("html")?.getAttribute("lang");
  }

  get heading(): string | null {
    return this.textOf("h1");
  }

  /** The words of its main part. */
  get text(): string {
    return this.textOf("main") ?? "";
  }

  /** What the page says is wrong with a field, if its control says so too. */
  errorAt(field: string): string | null {
    const control = this.find(`#${field}[aria-invalid=true][aria-describedby=${field}-error]`);
    return control && this.textOf(`#${field}-error`);
  }

  /** The fields that something is wrong with. */
  get wrongFields(): readonly (string | undefined)[] {
    return this.findAll("[aria-invalid=true]").map((control) => control.getAttribute("name"));
  }

  /** The form that has what the selector finds; throws where there is none. */
  form(selector: string): Form {
    const form = this.find(selector)?.closest("form");
    if (!form) throw new Error(`${this.url} has no form with ${selector}`);
    const pairs = form.querySelectorAll("input, select, textarea").flatMap(fieldOf);
    return {
      url: new URL(form.getAttribute("action") ?? this.url, this.url).href,
      method: form.getAttribute("method")?.toLowerCase() === "post" ? "post" : "get",
      fields: Object.fromEntries(pairs),
      pairs,
      isOffered: form.querySelectorAll("button").some((button) => !button.hasAttribute("disabled")),
      page: this,
    };
  }
}

/** Reads an answer that is a page; throws for anything else. */
export async function readPage(url: string, response: Response): Promise<Page> {
  const html = await response.text();
  if (!response.headers.get("Content-Type")?.startsWith("text/html"))
    throw new Error(`${url} answered ${response.status} with no page: ${html}`);
  return new Page(url, response, html);
}

const wordsOf = (element: HTMLElement): string => textsIn(element).join(" ").replaceAll(/\s+/g, " ").trim();

const textsIn = (node: Node): string[] =>
  node instanceof TextNode ? [node.textContent] : node.childNodes.flatMap(textsIn);

/** What a control sends, if anything. */
function fieldOf(control: HTMLElement): [string, string][] {
  const name = control.getAttribute("name");
  if (name === undefined || control.hasAttribute("disabled")) return [];
  if (control.localName === "textarea") return [[name, control.textContent]];
  if (control.localName === "select") {
    const options = control.querySelectorAll("option");
    const chosen = options.find((option) => option.hasAttribute("selected")) ?? options[0];
    return chosen ? [[name, chosen.getAttribute("value") ?? wordsOf(chosen)]] : [];
  }
  const isBox = ["checkbox", "radio"].includes(control.getAttribute("type") ?? "");
  if (isBox && !control.hasAttribute("checked")) return [];
  return [[name, control.getAttribute("value") ?? (isBox ? "on" : "")]];
}

function parseCookie(line: string): Cookie {
  const [pair = "", ...attributes] = line.split("; ");
  const flags = attributes.map((attribute) => attribute.toLowerCase());
  const path = attributes.find((attribute) => attribute.startsWith("Path="))?.slice("Path=".length) ?? "/";
  const equals = pair.indexOf("=");
  return { name: pair.slice(0, equals), value: pair.slice(equals + 1), path, flags };
}

function isSentTo({ path, flags }: Cookie, { pathname, protocol }: URL): boolean {
  if (flags.includes("secure") && protocol !== "https:") return false;
  return pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
}
