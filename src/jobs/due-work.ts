import { accountObject } from "../account/client.ts";
import type { DueRun } from "../account/due-work.ts";
import type { Job } from "../account/jobs.ts";
import type { AccountId } from "../domain/ids.ts";
import { log } from "../observability/log.ts";
import { simulatedNowMs } from "../store/clock.ts";
import { claimDueAccounts } from "../store/due.ts";

/** Accounts claimed at once: what one batch of queue messages holds. */
const PAGE = 100;
/** What one tick hands out at most; the next one goes on. */
const MAX_PAGES = 50;
/** How often one account is asked to go on before its turn ends. */
const MAX_ROUNDS = 100;

/** Cron's part: finds the accounts in which something is due and queues them. Nothing happens under a set clock. */
export async function queueDueAccounts(env: Env, nowMs: number): Promise<void> {
  if ((await simulatedNowMs(env)) !== null) return;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const accounts = await claimDueAccounts(env, nowMs, PAGE);
    if (accounts.length === 0) return;
    await env.JOBS.sendBatch(
      accounts.map((account) => ({ body: { type: "run_due", account } satisfies Job })),
    );
    if (accounts.length < PAGE) return;
  }
  log("warn", "due_work_left_for_next_tick", { claimed: PAGE * MAX_PAGES });
}

/** Has an account do everything that is due in it at `nowMs`. It decides again by itself: a needless run is harmless. */
export async function runDueWork(
  env: Env,
  account: AccountId,
  nowMs: number,
  isSimulated: boolean,
): Promise<DueRun[]> {
  const ran: DueRun[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const result = await accountObject(env, account).runDue(nowMs, isSimulated);
    ran.push(...result.ran);
    if (!result.more) break;
  }
  return ran;
}
