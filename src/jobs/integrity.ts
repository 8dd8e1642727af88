import type { Projection } from "../account/answers.ts";
import { accountObject } from "../account/client.ts";
import { directory } from "../directory/directory-object.ts";
import type { AccountId, CouponCode } from "../domain/ids.ts";
import type { Violation } from "../domain/invariants/books.ts";
import type { ProjectedRow } from "../store/projection.ts";
import { type Marks, readSideMarks, readSideRows } from "../store/read-side.ts";
import { gatewayDifferences } from "./reconciliation.ts";

/** A broken invariant, and whose. */
export interface Finding extends Violation {
  readonly subject: string;
}

/** What is only on its way at the first look has arrived at the second. */
const SECOND_LOOK_MS = 250;

/** What two looks in a row find: commands that come in between show themselves in one of them at most. */
async function foundTwice(look: () => Promise<Finding[]>): Promise<Finding[]> {
  const first = await look();
  if (first.length === 0) return first;
  await scheduler.wait(SECOND_LOOK_MS);
  const before = new Set(first.map(({ problem }) => problem));
  return (await look()).filter(({ problem }) => before.has(problem));
}

/** Checks one account's records: its own invariants, and the read side against what it holds. */
export const verifyRecords = (env: Env, account: AccountId): Promise<Finding[]> =>
  foundTwice(() => lookAtAccount(env, account));

/** Checks one account's records, and what gateways say of its payments. */
export const verifyAccount = async (env: Env, account: AccountId): Promise<Finding[]> => [
  ...(await verifyRecords(env, account)),
  ...(await gatewayDifferences(env, account)),
];

/** Checks one coupon: each of its redemptions must belong to an order that stands or is under way. */
export const verifyCoupon = (env: Env, coupon: CouponCode): Promise<Finding[]> =>
  foundTwice(() => lookAtCoupon(env, coupon));

async function lookAtAccount(env: Env, account: AccountId): Promise<Finding[]> {
  const object = accountObject(env, account);
  const [own, told, found, marks] = await Promise.all([
    object.audit(),
    object.projection(),
    readSideRows(env, account),
    readSideMarks(env, account),
  ]);
  const problems = [...cursorProblems(told, marks), ...differences(told.rows, found)];
  return [...own, ...problems.map((problem) => ({ invariant: 7, problem }) as const)].map((violation) => ({
    ...violation,
    subject: account,
  }));
}

/** A read side that believes to be ahead hears nothing any more; one that is told late lets time pass unnoticed. */
function cursorProblems(told: Omit<Projection, "rows">, marks: Marks): string[] {
  const isTold = marks.epoch > 0;
  const isAhead = marks.epoch > told.epoch || (marks.epoch === told.epoch && marks.seq > told.seq);
  const isLate = isTold && told.dueAtMs !== null && (marks.dueAtMs === null || marks.dueAtMs > told.dueAtMs);
  return [
    ...(isAhead
      ? [
          `told in epoch ${marks.epoch} up to ${marks.seq}, the account is at ${told.epoch}, ${told.seq}: rebuild it`,
        ]
      : []),
    ...(isLate ? [`the due index says ${marks.dueAtMs}, something is due at ${told.dueAtMs}`] : []),
  ];
}

async function lookAtCoupon(env: Env, coupon: CouponCode): Promise<Finding[]> {
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
  const [{ epoch }, marks] = await Promise.all([object.projection(), readSideMarks(env, account)]);
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
  if ("part" in row) return `${table} ${row.n}.${row.part}`;
  if ("key" in row) return `${table} ${row.key}`;
  if ("n" in row) return `${table} ${row.n}`;
  if ("resource" in row) return `${table} ${row.resource}`;
  return `${table} ${"id" in row ? row.id : ""}`;
}

const canonical = ({ row }: ProjectedRow): string =>
  JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
