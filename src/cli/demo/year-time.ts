import { setTimeout } from "node:timers/promises";
import type { Cast } from "./cast.ts";
import type { Page } from "./client.ts";
import { saigon } from "./year-expected.ts";

const LOCAL_OFFSET_MS = 7 * 3_600_000;
const TIME_OUT_MS = 120_000;
/** How long mails may take: they go through a queue. */
const LOOK_EVERY_MS = 500;
const MAX_LOOKS = 40;

/** An instant as Saigon's clocks show it. */
const local = (instant: string): string =>
  new Date(Date.parse(instant) + LOCAL_OFFSET_MS).toISOString().slice(0, 16).replace("T", " ");

export const setClock = ({ admin }: Cast, now: string) =>
  admin.call({ method: "PUT", path: "/v1/sandbox/clock", body: { now }, status: 200 });

/** Lets time pass up to a local instant; what it does to the account on the way must be what is expected. */
export async function advance(cast: Cast, to: string, expected: readonly string[]): Promise<void> {
  const { admin, account, report } = cast;
  const { body } = await admin.call<{ ran: { account: string; dueAt: string; ran: string }[] }>({
    method: "POST",
    path: "/v1/sandbox/clock/advance",
    body: { to: saigon(to) },
    status: 200,
    timeoutMs: TIME_OUT_MS,
  });
  const mine = body.ran.filter((run) => account.endsWith(run.account));
  const times = mine.map(({ dueAt, ran }) => `${local(dueAt)} ${ran}`);
  for (const [index, text] of expected.entries())
    report.same(text.slice("2023-01-10 09:30 ".length), times[index], text);
  report.same("and nothing else", times.length, expected.length);
}

interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly at: string;
}

/** Shows, and answers, the mails that the customer got from a local instant on, once all of them have come. */
export async function mailsSince(cast: Cast, since: string, count: number): Promise<Mail[]> {
  const path = `/v1/sandbox/mailbox?to=${encodeURIComponent(emailOf(cast))}`;
  const recent = async () => {
    const { data } = await cast.admin.get<Page<Mail>>(path);
    return data.filter(({ at }) => at >= saigon(since)).sort((one, other) => (one.at < other.at ? -1 : 1));
  };
  let mails = await recent();
  for (let looks = 1; mails.length < count && looks < MAX_LOOKS; looks += 1) {
    await setTimeout(LOOK_EVERY_MS);
    mails = await recent();
  }
  for (const { subject, at } of mails) cast.report.note(`mail  ${local(at)}  ${subject}`);
  cast.report.same("mails", mails.length, count);
  return mails;
}

/** Nobody else's mailbox. */
export const emailOf = ({ account }: Cast): string =>
  `${account.slice(account.lastIndexOf("_") + 1)}@example.com`;

export async function grant({ admin, account }: Cast, amount: number): Promise<void> {
  await admin.call({
    method: "POST",
    path: `${account}/credits`,
    body: { amount, reason: "Demo credit" },
    idempotencyKey: `grant-${amount}`,
    status: 201,
  });
}
