import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { type ConsoleMessage, messageOf, signedHeaders } from "../../src/consoles/message.ts";
import type { ResourceId } from "../../src/domain/ids.ts";
import worker from "../../src/index.ts";
import { CalledProduct } from "../consoles/product.ts";
import { admin, bodyOf, type OrderView, type TestAccount } from "../support/api.ts";

const ORIGIN = "http://localhost:8787";

export interface Shown {
  readonly status: number;
  /** Where it leads, by itself: billing has another address than the machine that the console is opened on. */
  readonly location: string | null;
  readonly headers: Headers;
  readonly html: string;
}

export interface Asked {
  readonly form?: Readonly<Record<string, string>>;
  readonly origin?: string;
  readonly formFrom?: string;
  readonly values?: Partial<Env>;
}

/** A browser at the consoles, at first signed in as nobody. */
export class Browser {
  #cookie = "";

  async open(
    path: string,
    { form, origin = ORIGIN, formFrom = origin, values = {} }: Asked = {},
  ): Promise<Shown> {
    const response = await respond(
      new Request(`${origin}${path}`, {
        method: form ? "POST" : "GET",
        redirect: "manual",
        headers: { Cookie: this.#cookie, ...(form ? { Origin: formFrom } : {}) },
        ...(form ? { body: new URLSearchParams(form) } : {}),
      }),
      values,
    );
    const [cookie] = (response.headers.get("Set-Cookie") ?? "").split(";");
    if (cookie) this.#cookie = cookie;
    return {
      status: response.status,
      location: response.headers.get("Location") ?? refreshedTo(response.headers.get("Refresh")),
      headers: response.headers,
      html: await response.text(),
    };
  }
}

const refreshedTo = (refresh: string | null): string | null => refresh?.replace(/^0; url=/, "") ?? null;

async function respond(request: Request, values: Partial<Env>): Promise<Response> {
  const context = createExecutionContext();
  const response = await worker.fetch(request, { ...env, ...values } as Env, context);
  await waitOnExecutionContext(context);
  return response;
}

/** A product that has a console here. Nobody calls it but the test: in tests nothing listens at this machine's address. */
export class ConsoleProduct extends CalledProduct {
  readonly page = `/sandbox/consoles/${this.id}`;
  secret = "";

  async open(): Promise<this> {
    await this.put(`${ORIGIN}${this.page}/calls`);
    this.secret = await this.newSecret();
    bodyOf(await admin.put(`/v1/sandbox/consoles/${this.id}`, { webhookSecret: this.secret }), 200);
    return this;
  }

  /** Somebody who plays the account's customer at this console. */
  async visitor(account: TestAccount): Promise<Browser> {
    const browser = new Browser();
    await browser.open("/sandbox/consoles", { form: { account: account.id, product: this.id } });
    return browser;
  }

  /** The call that an account has for this product about a resource. */
  async nextCall(account: TestAccount, line: OrderView["lines"][number]): Promise<ConsoleMessage> {
    const call = await account.object.takeCall(line.resourceId as ResourceId);
    if (!call) throw new Error("there is no call");
    return messageOf(account.id, call);
  }

  /** Delivers a call as billing does, and strikes it off its account's list. */
  async settle(account: TestAccount, message: ConsoleMessage): Promise<number> {
    const status = await this.deliver(message);
    const { resource, sequence } = JSON.parse(message.body).data;
    await account.object.settleCall(resource, sequence, { taken: true });
    return status;
  }

  /** Delivers a call as billing does. */
  async deliver(message: ConsoleMessage, secret = this.secret, body = message.body): Promise<number> {
    const headers = signedHeaders(message, [secret], Date.now());
    const url = `${ORIGIN}${this.page}/calls`;
    return (await respond(new Request(url, { method: "POST", headers, body }), {})).status;
  }

  /** Sets what becomes of the next resource. */
  async next(browser: Browser, next: string): Promise<void> {
    await browser.open(`${this.page}/next`, { form: { next } });
  }
}
