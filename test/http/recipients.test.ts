import { beforeAll, describe, expect, it } from "vitest";
import { admin, bodyOf, freshId, openAccount, type Page, putCatalogue } from "../support/api.ts";
import { Browser } from "../support/browser.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";

interface Recipient {
  readonly id: string;
  readonly email: string;
  readonly status: string;
  readonly expiresAt: string | null;
}

const DAY_MS = 86_400_000;

beforeAll(putCatalogue);

const freshAddress = () => `${freshId("chi")}@example.com`;

const mailsTo = async (email: string) =>
  bodyOf(await admin.get<Page<{ subject: string; text: string }>>(`/v1/sandbox/mailbox?to=${email}`), 200)
    .data;

/** Waits until a mail has come through the queue. */
const mailTo = (email: string, count = 1) =>
  expect.poll(() => mailsTo(email), { timeout: 10_000 }).toHaveLength(count);

async function linkTo(email: string): Promise<string> {
  await mailTo(email);
  const [mail] = await mailsTo(email);
  return /https?:\S+confirm\S+/.exec(mail?.text ?? "")?.[0] ?? "";
}

describe("recipients over HTTP", () => {
  it("say yes on the page that their mail leads to, and get the account's mails from then on", async () => {
    const account = await openAccount(SMALL_MONTH);
    const email = freshAddress();
    const asked = bodyOf(await account.user.post<Recipient>(`${account.path}/recipients`, { email }), 201);
    expect(asked).toEqual({ id: asked.id, email, status: "pending", expiresAt: expect.any(String) });
    expect(Date.parse(asked.expiresAt ?? "")).toBeGreaterThan(Date.now() + 2.9 * DAY_MS);

    const browser = new Browser();
    const question = await browser.open(await linkTo(email));
    expect(question.status).toBe(200);
    const before = await account.user.get<Page<Recipient>>(`${account.path}/recipients`);
    expect(bodyOf(before, 200).data).toMatchObject([{ status: "pending" }]);

    expect((await browser.send(question.form("button"))).heading).toBe("Thank you");
    const after = await account.user.get<Page<Recipient>>(`${account.path}/recipients`);
    expect(bodyOf(after, 200).data).toEqual([{ ...asked, status: "confirmed", expiresAt: null }]);

    await account.placeAndPay();
    await mailTo(email, 2);
  });

  it("are removed, and their link with them", async () => {
    const account = await openAccount();
    const email = freshAddress();
    const { id } = bodyOf(await account.user.post<Recipient>(`${account.path}/recipients`, { email }), 201);
    const link = await linkTo(email);
    const left = await account.user.delete<Page<Recipient>>(`${account.path}/recipients/${id}`);
    expect(bodyOf(left, 200).data).toEqual([]);
    const browser = new Browser();
    const form = (await browser.open(link)).form("button");
    expect((await browser.send(form)).status).toBe(403);
    const again = await account.user.delete(`${account.path}/recipients/${id}`);
    expect(again).toMatchObject({ status: 404, body: { code: "recipient_not_found" } });
  });

  it("aren't confirmed by a link that was changed, nor by a form from elsewhere", async () => {
    const account = await openAccount();
    const email = freshAddress();
    bodyOf(await account.user.post(`${account.path}/recipients`, { email }), 201);
    const link = await linkTo(email);
    const browser = new Browser();
    expect((await browser.open(`${link.slice(0, -3)}AAA`)).status).toBe(403);
    const foreign = await browser.request(link, {
      method: "POST",
      headers: { Origin: "https://elsewhere.example", "Content-Type": "application/x-www-form-urlencoded" },
    });
    expect(foreign.status).toBe(403);
    const { data } = bodyOf(await account.user.get<Page<Recipient>>(`${account.path}/recipients`), 200);
    expect(data).toMatchObject([{ status: "pending" }]);
  });

  it("can't be asked by the dozen", async () => {
    const account = await openAccount();
    const answers = [];
    for (let n = 0; n < 12; n += 1)
      answers.push(await account.user.post(`${account.path}/recipients`, { email: freshAddress() }));
    expect(answers.map(({ status }) => status).filter((status) => status === 429)).not.toEqual([]);
  });
});
