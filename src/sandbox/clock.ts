import { createRoute, z } from "@hono/zod-openapi";
import { accountObject } from "../account/client.ts";
import type { DueRun } from "../account/due-work.ts";
import type { AccountId } from "../domain/ids.ts";
import { access } from "../http/auth.ts";
import { now } from "../http/clock.ts";
import { body, json, problems, routes, security } from "../http/openapi.ts";
import { instant, iso } from "../http/schemas.ts";
import { runDueWork } from "../jobs/due-work.ts";
import { setSimulatedNow } from "../store/clock.ts";
import { nextDue } from "../store/due.ts";
import { countMails } from "../store/mails.ts";
import { inSandboxOnly } from "./only.ts";

/** Queues and mail get this long to become quiet: a console that is down must not hold up an advance. */
const ECHO_LIMIT_MS = 10_000;
const ECHO_POLL_MS = 50;
/** One advance steps through at most so many instants. */
const MAX_STEPS = 10_000;

const middleware = [access({ admin: true }), inSandboxOnly];

const clockState = z.object({ now: z.string(), simulated: z.boolean() }).openapi("Clock");

const set = createRoute({
  method: "put",
  path: "/v1/sandbox/clock",
  tags: ["Sandbox"],
  summary: "Make business time stand at an instant; nothing runs by that",
  security,
  middleware,
  request: { body: body(z.strictObject({ now: instant })) },
  responses: { 200: json(clockState, "The clock."), ...problems },
});

const get = createRoute({
  method: "get",
  path: "/v1/sandbox/clock",
  tags: ["Sandbox"],
  summary: "Where business time is",
  security,
  middleware,
  responses: { 200: json(clockState, "The clock."), ...problems },
});

const reset = createRoute({
  method: "delete",
  path: "/v1/sandbox/clock",
  tags: ["Sandbox"],
  summary: "Return to real time",
  security,
  middleware,
  responses: { 200: json(clockState, "The clock."), ...problems },
});

const advance = createRoute({
  method: "post",
  path: "/v1/sandbox/clock/advance",
  tags: ["Sandbox"],
  summary: "Step through everything due up to an instant, as cron would, and stop there",
  security,
  middleware,
  request: { body: body(z.strictObject({ to: instant })) },
  responses: {
    200: json(
      clockState.extend({
        ran: z.array(
          z.object({
            account: z.string(),
            kind: z.string(),
            key: z.string(),
            dueAt: z.string(),
            ran: z.string(),
          }),
        ),
        stuck: z.array(z.string()).readonly(),
      }),
      "The clock, what ran, in order, and the accounts in which something due failed.",
    ),
    ...problems,
  },
});

export const sandboxClock = routes()
  .openapi(set, async (c) => {
    const { now: nowMs } = c.req.valid("json");
    await setSimulatedNow(c.env, nowMs);
    return c.json({ now: iso(nowMs), simulated: true }, 200);
  })
  .openapi(get, (c) => c.json({ now: iso(now(c)), simulated: c.get("simulatedNowMs") !== null }, 200))
  .openapi(reset, async (c) => {
    await setSimulatedNow(c.env, null);
    return c.json({ now: iso(Date.now()), simulated: false }, 200);
  })
  .openapi(advance, async (c) => {
    const { to } = c.req.valid("json");
    const { ran, stuck } = await advanceTo(c.env, to);
    const views = ran.map(({ account, dueAtMs, kind, key, ran }) => ({
      account,
      kind,
      key,
      dueAt: iso(dueAtMs),
      ran,
    }));
    return c.json({ now: iso(to), simulated: true, ran: views, stuck }, 200);
  });

/** A morning on which there is no credit to pay bills with is due like any other. */
const didSomething = ({ ran }: DueRun): boolean => ran !== "nothing";

type AccountRun = DueRun & { readonly account: AccountId };

interface Advanced {
  readonly ran: readonly AccountRun[];
  /** Accounts in which something is due that fails. */
  readonly stuck: readonly AccountId[];
}

/** Goes from due instant to due instant, at each doing what cron would have had done then, and waits for the echo. */
async function advanceTo(env: Env, toMs: number): Promise<Advanced> {
  const ran: AccountRun[] = [];
  const stuck: AccountId[] = [];
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const next = await nextDue(env, toMs, stuck);
    if (!next) break;
    await setSimulatedNow(env, next.dueAtMs);
    for (const account of next.accounts) {
      const runs = await runDueWork(env, account, next.dueAtMs, true);
      ran.push(...runs.filter(didSomething).map((run) => ({ ...run, account })));
      // What a gateway answers now must not be heard as of later.
      if (runs.some((run) => run.ran === "asked")) await untilQuiet(env, new Set([account]));
      // Nothing ran, and it is still due: it fails, and would fail for ever.
      const after = runs.length > 0 ? null : await nextDue(env, next.dueAtMs, stuck);
      if (after?.accounts.includes(account)) stuck.push(account);
    }
  }
  await setSimulatedNow(env, toMs);
  await untilQuiet(env, new Set(ran.map(({ account }) => account)));
  return { ran, stuck };
}

async function untilQuiet(env: Env, accounts: ReadonlySet<AccountId>): Promise<void> {
  const endsAtMs = Date.now() + ECHO_LIMIT_MS;
  for (const account of accounts) {
    while (Date.now() < endsAtMs && !(await isQuiet(env, account))) await scheduler.wait(ECHO_POLL_MS);
  }
}

/** Whether an account's messages have arrived: nothing waits in it, and every mail was sent or given up. */
async function isQuiet(env: Env, account: AccountId): Promise<boolean> {
  const traffic = await accountObject(env, account).traffic();
  return traffic.isQuiet && (await countMails(env, account)) >= traffic.mails;
}
