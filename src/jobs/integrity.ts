import { accountObject } from "../account/client.ts";
import { directory } from "../directory/directory-object.ts";
import type { AccountId, CouponCode } from "../domain/ids.ts";
import type { Violation } from "../domain/invariants.ts";
import type { ProjectedRow } from "../store/projection.ts";
import { readSideMarks, readSideRows } from "../store/read-side.ts";

/** A broken invariant, and whose. */
export interface Finding extends Violation {
  readonly subject: string;
}

/** Checks one account: its own invariants, and the read side against what it holds. */
export async function verifyAccount(env: Env, account: AccountId): Promise<Finding[]> {
  const object = accountObject(env, account);
  const [own, told, found] = await Promise.all([
    object.audit(),
    object.projectedRows(),
    readSideRows(env, account),
  ]);
  const { epoch } = await readSideMarks(env, account);
  const outranked =
    epoch > told.epoch ? [`told in epoch ${epoch}, the account speaks in ${told.epoch}: rebuild it`] : [];
  const problems = [...outranked, ...differences(told.rows, found)];
  return [...own, ...problems.map((problem) => ({ invariant: 7, problem }) as const)].map((violation) => ({
    ...violation,
    subject: account,
  }));
}

/** Checks one coupon: each of its redemptions must belong to an order that stands or is under way. */
export async function verifyCoupon(env: Env, coupon: CouponCode): Promise<Finding[]> {
  const redemptions = await env.COUPONS.getByName(coupon).redemptions();
  const findings: Finding[] = [];
  for (const { order, account, spent } of redemptions) {
    const standing = await accountObject(env, account).couponStanding(order);
    if (standing === (spent ? "spent" : "open") || (standing === "spent" && !spent)) continue;
    const problem = `${order} of ${account} has a use of it that is ${spent ? "spent" : "reserved"} and ${standing}`;
    findings.push({ subject: coupon, invariant: 9, problem });
  }
  return findings;
}

/** Has an account tell the read side everything anew, in a new epoch. */
export async function rebuildAccount(env: Env, account: AccountId): Promise<void> {
  const object = accountObject(env, account);
  const [{ epoch }, marks] = await Promise.all([object.projectedRows(), readSideMarks(env, account)]);
  const next = await directory(env).nextEpoch(account, Math.max(epoch, marks.epoch) + 1);
  await object.rebuild(next, marks.documents);
}

function differences(told: readonly ProjectedRow[], found: readonly ProjectedRow[]): string[] {
  const have = new Map(found.map((entry) => [nameOf(entry), canonical(entry)]));
  const want = new Map(told.map((entry) => [nameOf(entry), canonical(entry)]));
  return [
    ...[...want].flatMap(([name, row]) =>
      have.get(name) === row ? [] : [`${name} is ${have.has(name) ? "different" : "missing"}`],
    ),
    ...[...have.keys()].flatMap((name) => (want.has(name) ? [] : [`${name} isn't the account's`])),
  ];
}

function nameOf({ table, row }: ProjectedRow): string {
  if ("n" in row) return `${table} ${row.n}`;
  if ("resource" in row) return `${table} ${row.resource}`;
  return `${table} ${"id" in row ? row.id : ""}`;
}

const canonical = ({ row }: ProjectedRow): string =>
  JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
