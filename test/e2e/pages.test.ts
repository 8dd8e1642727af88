import { randomUUID } from "node:crypto";
import { expect, test, vi } from "vitest";
import type { Resource } from "../../src/cli/demo/client.ts";
import { monthOf } from "../../src/domain/month.ts";
import { ROOMS, type Room } from "../../src/portal/rooms.ts";
import { linkingTexts } from "../../src/texts/linking.ts";
import type { Locale } from "../../src/texts/locale.ts";
import { decide } from "./legs/gateway.ts";
import { type Account, admin, advance, mailsTo, pay, place, SERVER, setClock } from "./support/api.ts";
import { expectReachable } from "./support/expect.ts";
import { origin } from "./support/running.ts";
import { Walk } from "./support/walk.ts";

const ZONE = "Asia/Ho_Chi_Minh";
const CREDIT = 1_000_000;
/** So many pages take a while. */
const TIMEOUT_MS = 600_000;
const POLL = { timeout: 20_000, interval: 200 };

/** Every two of width, light and language meet in one of these. */
const READERS = [
  { width: "desktop", colorScheme: "light", locale: "en" },
  { width: "desktop", colorScheme: "dark", locale: "vi" },
  { width: "phone", colorScheme: "light", locale: "vi" },
  { width: "phone", colorScheme: "dark", locale: "en" },
] as const;

/** What pages are about, by what stands in their paths. */
interface Things {
  readonly resource: string;
  readonly code: string;
  readonly payment: string;
}

/** Pages that are about something that was chosen. */
const QUERIES: Readonly<Record<string, (of: Things) => string>> = {
  matchEndTime: ({ resource }) => `?resource=${resource}`,
  bills: ({ code }) => `?bill=${code}`,
};
/** Pages of what this account hasn't; those who have it walk through them. */
const ELSEWHERE = ["stopTrial", "billPayment"];

const PAGES = Object.entries<Room>(ROOMS).filter(
  ([name, { method, path }]) =>
    method !== "POST" && !/\.(pdf|csv|xlsx)\}?$/.test(path) && !ELSEWHERE.includes(name),
);

const addressOf = (name: string, { path }: Room, of: Things): string =>
  path.replace(/:(resource|code|payment)/, (_, what: keyof Things) => of[what]) + (QUERIES[name]?.(of) ?? "");

test.each(READERS)(
  "every page is fit to be read and used: $width, $colorScheme, $locale",
  { timeout: TIMEOUT_MS },
  async (reader) => {
    const name = `pages ${reader.colorScheme} ${reader.locale}`;
    const walk = await Walk.start({ name, ...reader, credit: CREDIT });
    const { page, account } = walk;
    const things = await prepare(account, reader.locale);
    await page.goto(await portalLink(account));
    await link(walk);
    for (const [room, of] of PAGES) {
      await page.goto(addressOf(room, of, things));
      await look(walk, room, reader.width);
    }
    const order = await place(account, SERVER, { ...SERVER, name: "máy-chủ-2", period: { months: 2 } });
    await page.goto(order.checkoutUrl);
    await look(walk, "checkout", reader.width);
    await page.goto(`${new URL(page.url()).pathname}/invoice-address`);
    await look(walk, "checkout address", reader.width);
    const [mail] = await mailsTo({ email: chiOf(account) }, 1);
    await page.goto(/https?:\S+confirm\S+/.exec(mail?.text ?? "")?.[0] ?? "");
    await look(walk, "confirmation", reader.width);
  },
);

/** Nothing is wrong with the page; at a desk all of it is reached by the keyboard. */
async function look(walk: Walk, name: string, width: string): Promise<void> {
  await walk.look(name);
  // Where a page looks again by itself its controls are others by the next press.
  const isStill = (await walk.page.locator("[data-refresh]").count()) === 0;
  if (width === "desktop" && isStill) await expectReachable(walk.page);
}

const chiOf = ({ email }: Account): string => `chi-${email}`;

/** Something of everything: a resource, bills, credit that is being bought, and all that can be set. */
async function prepare(account: Account, locale: Locale): Promise<Things> {
  const { path, user, email } = account;
  const nowMs = Date.now();
  await setClock(nowMs);
  await pay(account, await place(account, { ...SERVER, period: { months: 6 } }));
  const [resource] = await running(account, 1);
  await configure(account, locale, "postpaid");
  const { period: _, ...used } = SERVER;
  for (const name of ["web-1", "web-2"]) await place(account, { ...used, name });
  await running(account, 3);
  // Bills are there, and not paid by themselves yet.
  await advance(monthOf(nowMs, ZONE).closesAtMs);
  await configure(account, locale, "prepaid");
  const set = async (method: "POST" | "PUT", at: string, body: object) => {
    const status = method === "POST" ? 201 : 200;
    const call = { method, path: `${path}/${at}`, body, idempotencyKey: randomUUID(), status };
    return (await user.call<{ id: string }>(call)).body;
  };
  await set("POST", "recipients", { email: chiOf(account) });
  await set("PUT", "budget", { monthlyLimit: 1_000_000, alertEmail: email });
  const home = { type: "personal", name: "Nguyễn Thị Ánh Tuyết", address: "1 Tràng Tiền, Hà Nội" };
  await set("POST", "invoice-addresses", { ...home, certified: true });
  const company = { name: "Công ty TNHH Thương mại và Dịch vụ Ánh Dương", taxCode: "0101234567-001" };
  await set("POST", "invoice-addresses", { ...home, ...company, type: "enterprise", certified: true });
  const buying = { amount: 200_000, gateway: "momo", returnUrl: `${origin}/portal` };
  const { id: payment } = await set("POST", "top-ups", buying);
  const { data } = await user.get<{ data: { code: string }[] }>(`${path}/invoices`);
  return { resource: resource?.id ?? "", code: data[0]?.code ?? "", payment };
}

const configure = ({ path, email }: Account, locale: Locale, billingMode: string) =>
  admin.call({
    ...{ method: "PUT", path, status: 200 },
    body: { email, name: "Nguyễn Thị Ánh Tuyết", locale, billingMode },
  });

/** Waits until so many resources are set up; the oldest first. */
const running = ({ path, user }: Account, count: number): Promise<readonly Resource[]> =>
  vi.waitFor(async () => {
    const { data } = await user.get<{ data: Resource[] }>(`${path}/resources`);
    const active = data.filter(({ state }) => state === "active");
    expect(active).toHaveLength(count);
    return active.toReversed();
  }, POLL);

async function portalLink({ path, email }: Account): Promise<string> {
  const body = { user: email, returnUrl: `${origin}/sandbox/consoles` };
  const call = { method: "POST", path: `${path}/portal-sessions`, body, status: 201 } as const;
  return (await admin.call<{ url: string }>(call)).body.url;
}

/** Links a card. */
async function link(walk: Walk): Promise<void> {
  const { page, locale } = walk;
  const texts = linkingTexts[locale];
  await page.goto(ROOMS.linkedAccounts.path);
  await page.getByRole("radio", { name: "Stripe" }).check();
  await page.getByRole("button", { name: texts.link, exact: true }).click();
  await decide(walk, "approve");
  await walk.reads(texts.statuses.active);
}
