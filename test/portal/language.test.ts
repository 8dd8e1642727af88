import { beforeAll, describe, expect, it } from "vitest";
import { checkoutTexts } from "../../src/texts/checkout.ts";
import { portalTexts } from "../../src/texts/portal.ts";
import { openAccount, putCatalogue } from "../support/api.ts";
import { Browser } from "../support/browser.ts";
import { linkOf, ORIGIN, visit, visitNew } from "./visit.ts";

beforeAll(putCatalogue);

describe("the language of a page", () => {
  it("is the account's, whatever the browser asks for", async () => {
    for (const [locale, language, amount] of [
      ["vi", "en", "90.000 VND"],
      ["en", "vi", "90,000 VND"],
    ] as const) {
      const account = await openAccount(0, { settings: { locale } });
      const { page } = await visit(account, await account.place(), new Browser({ language }));
      expect([page.language, page.heading]).toEqual([locale, checkoutTexts[locale].actions.create]);
      expect(page.textOf("dd.total")).toBe(amount);
    }
  });

  it("is what the browser asks for, where nobody is known yet", async () => {
    for (const [language, locale] of [
      ["vi-VN,vi;q=0.9,en;q=0.5", "vi"],
      ["en-GB,en;q=0.9,vi;q=0.1", "en"],
      ["fr", "en"],
    ] as const) {
      const browser = new Browser({ language });
      const checkout = await browser.open(`${ORIGIN}/checkout/acc_x/ord_x`);
      expect([checkout.language, checkout.heading]).toEqual([locale, checkoutTexts[locale].linkInvalid]);
      const portal = await browser.open(`${ORIGIN}/portal`);
      expect([portal.language, portal.heading]).toEqual([locale, portalTexts[locale].notSignedIn]);
    }
  });

  it("is what its reader chooses, on this page and every other, refusals too", async () => {
    const account = await openAccount(0, { settings: { locale: "en" } });
    const open = await visitNew(account);
    const choices = open.page
      .findAll("footer a")
      .map((a) => [a.getAttribute("hreflang"), a.getAttribute("href")]);
    expect(choices).toEqual([
      ["en", "?lang=en"],
      ["vi", "?lang=vi"],
    ]);
    open.page = await open.browser.open(`${open.url}?lang=vi`);
    expect([open.page.url, open.page.language]).toEqual([open.url, "vi"]);
    expect(open.page.find("footer [aria-current=true]")?.getAttribute("lang")).toBe("vi");
    const refused = await open.send("items", { "quantity-0": "mười" });
    expect(refused.errorAt("quantity-0")).toBe(checkoutTexts.vi.quantityInvalid);
    expect((await open.browser.open(`${ORIGIN}/portal`)).language).toBe("vi");
    expect(open.browser.cookies).toContainEqual({
      name: "lang",
      value: "vi",
      path: "/",
      flags: expect.arrayContaining(["httponly", "samesite=lax"]),
    });
    expect((await open.browser.open(`${open.url}?lang=en`)).language).toBe("en");
  });

  it("isn't changed to one that there isn't", async () => {
    const account = await openAccount(0, { settings: { locale: "vi" } });
    const open = await visitNew(account);
    for (const lang of ["fr", "", "en%0d%0aSet-Cookie:x=1", "constructor"])
      expect((await open.browser.open(`${open.url}?lang=${lang}`)).language).toBe("vi");
    expect(open.browser.cookies.map(({ name }) => name)).toEqual(["checkout"]);
  });

  it("can be chosen on the way in: the link stays good", async () => {
    const account = await openAccount(0, { settings: { locale: "vi" } });
    const page = await new Browser().open(`${linkOf(await account.place())}&lang=en`);
    expect([page.status, page.language]).toEqual([200, "en"]);
  });
});
