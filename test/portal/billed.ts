import { advanceClock, setClock } from "../http/clock.ts";
import { admin, bodyOf, openAccount, type TestAccount } from "../support/api.ts";
import { SMALL_MONTH } from "../support/catalogue.ts";

/** What a server costs from the 10th at 10:00 until January's end: 31 080 minutes. */
export const JANUARY = Math.round((SMALL_MONTH * 31_080) / 43_200);

/** A postpaid customer who reads English, and uses some servers since 10 January 2027 at 10:00 in Vietnam. */
export async function usingServers(count: number): Promise<TestAccount> {
  await setClock("2027-01-10T03:00:00.000Z");
  const account = await openAccount();
  bodyOf(
    await admin.put(account.path, {
      ...{ email: "an@example.com", name: "An", billingMode: "postpaid", locale: "en" },
    }),
    200,
  );
  for (let index = 1; index <= count; index += 1) {
    const order = await account.place({ name: `web-${index}`, period: undefined as never });
    await account.provisionAll(order.id, "succeeded");
  }
  return account;
}

/** The same on the morning of 1 February, with the bill of each server; oldest first. */
export async function billed(count: number): Promise<{ account: TestAccount; codes: readonly string[] }> {
  const account = await usingServers(count);
  await advanceClock("2027-01-31T20:00:00.000Z");
  return { account, codes: (await account.invoices()).map(({ code }) => code).reverse() };
}
