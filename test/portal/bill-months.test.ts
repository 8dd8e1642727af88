import { afterEach, beforeAll, expect, it } from "vitest";
import { advanceClock, resetClock, setClock } from "../http/clock.ts";
import { openAccount, putCatalogue } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";
import { billed, JANUARY } from "./billed.ts";
import { enterPortal } from "./portal-visit.ts";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

const ROOM = "/portal/billing/months";

const words = (minor: number): string => `${minor.toLocaleString("en-US")} VND`;

it("shows what each month's invoices come to, what of that is paid, and leads to them", async () => {
  const { account, codes } = await billed(2);
  await account.grant(JANUARY + 4_000);
  await account.user.post(`${account.path}/invoices/pay`, {
    method: "credit",
    codes,
    amount: JANUARY + 4_000,
  });
  await advanceClock("2027-02-28T19:00:00.000Z");
  const visit = await enterPortal(account);
  const front = await visit.go("/portal/billing");
  const page = await visit.go(
    front
      .findAll("main a")
      .find(({ text }) => text.trim() === "By month")
      ?.getAttribute("href") ?? "",
  );
  expect(page.heading).toBe("Months of 2027");
  const FEBRUARY = Math.round((SMALL_MONTH * 28) / 30);
  const cells = page
    .findAll("tbody tr")
    .map((row) => row.querySelectorAll("td").map(({ text }) => text.trim()));
  expect(cells).toEqual([
    ["March 2027", "2", words(2 * FEBRUARY), words(0), words(0), words(2 * FEBRUARY)],
    ["February 2027", "2", words(2 * JANUARY), words(0), words(JANUARY + 4_000), words(JANUARY - 4_000)],
  ]);
  expect(page.text).toContain(`Remaining ${words(2 * FEBRUARY + JANUARY - 4_000)}`);
  const february = await visit.go(page.findAll("tbody a")[1]?.getAttribute("href") ?? "");
  for (const code of codes) expect(february.text).toContain(code);
  expect(february.findAll("[name=bill]")).toHaveLength(1);
  for (const year of ["2026", "x"]) expect((await visit.go(`${ROOM}?year=${year}`)).status).toBe(200);
  expect((await visit.go(`${ROOM}?year=2025`)).text).toContain("Nothing was invoiced in 2025");
});

it("takes off what credit notes gave back, by the account's own clock, and knows nothing of others", async () => {
  // Already March in Vietnam.
  await setClock("2027-02-28T17:30:00.000Z");
  const account = await openAccount(1_000_000, { settings: { locale: "en" } });
  const server = await account.serve();
  await setClock("2027-03-16T17:30:00.000Z");
  await account.remove(server);
  const [note] = await account.creditNotes();
  const page = await (await enterPortal(account)).go(ROOM);
  const cells = page.findAll("tbody td").map(({ text }) => text.trim());
  expect(cells).toEqual([
    ...["March 2027", "1", words(SMALL_MONTH), `-${words(note?.total ?? 0)}`, words(SMALL_MONTH), words(0)],
  ]);
  const stranger = await enterPortal(await openAccount(0, { settings: { locale: "en" } }));
  expect((await stranger.go(ROOM)).text).toContain("Nothing was invoiced in 2027");
});
