import type { Account } from "../../../src/domain/account.ts";
import { Life, type Wanted } from "../life.ts";
import { accountOf } from "../samples.ts";

/** The life of a postpaid account, from some local time on. */
export const postpaidLife = (of: { at?: string; credit?: number; account?: Partial<Account> } = {}): Life =>
  new Life({
    at: of.at ?? "2027-01-10T10:00",
    credit: of.credit ?? 0,
    account: accountOf({ billingMode: "postpaid", ...of.account }),
  });

/** Confirms an order and has its console answer. */
export function confirm(life: Life, action: "create" | "resize", wanted: Wanted = {}) {
  const placed = life.place(action, { configuration: { general: 1 }, period: null, ...wanted });
  if (!placed.ok) throw new Error(placed.error.code);
  if (wanted.outcome !== "silence") life.answer(placed.value, wanted.outcome ?? "succeeded");
  return placed.value;
}
