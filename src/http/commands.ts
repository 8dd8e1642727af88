import type { Context } from "hono";
import type { Actor } from "../account/audit-trail.ts";
import { execute, type Outcome } from "../account/client.ts";
import type { Caller } from "../domain/account.ts";
import type { AnswerTo, Command } from "../domain/decide.ts";
import type { AccountId } from "../domain/ids.ts";
import { type App, type Principal, principalName } from "./context.ts";
import { type ProblemResponse, problem, refusalProblem } from "./problems.ts";

/** Either what a command answered, or the response that tells why it didn't. */
export type Executed<A> =
  | { readonly answer: A; readonly response: null }
  | { readonly answer: null; readonly response: ProblemResponse };

/** How a request ended: a command's outcome, or none because the caller asks too often. */
export type Requested<A> = Outcome<A> | { readonly kind: "too_many_requests" };

/** Gives a command to an account on the caller's behalf, once for each idempotency key. */
export const ask = <C extends Command>(
  c: Context<App>,
  account: AccountId,
  command: C,
): Promise<Outcome<AnswerTo<C>>> =>
  execute(c.env, account, {
    command,
    caller: callerOf(c.get("principal")),
    keyed: c.get("keyed") ?? null,
    actor: actorOf(c),
    simulatedNowMs: c.get("simulatedNowMs"),
  });

export const run = async <C extends Command>(
  c: Context<App>,
  account: AccountId,
  command: C,
): Promise<Executed<AnswerTo<C>>> => asResponse(c, await ask(c, account, command));

/** How the API tells what became of a request. */
export function asResponse<A>(c: Context<App>, outcome: Requested<A>): Executed<A> {
  switch (outcome.kind) {
    case "answered":
      if (outcome.replayed) c.header("Idempotency-Replayed", "true");
      return { answer: outcome.answer, response: null };
    case "refused":
      if (outcome.replayed) c.header("Idempotency-Replayed", "true");
      return { answer: null, response: refusalProblem(c, outcome.error) };
    case "key_reused":
      return { answer: null, response: problem(c, { code: "idempotency_key_reused" }) };
    case "still_running":
      return { answer: null, response: problem(c, { code: "request_in_progress" }) };
    case "too_many_requests":
      return { answer: null, response: problem(c, { code: "too_many_requests" }) };
  }
}

/** Whoever leaves a trail: operations and product consoles, not the account's own people. */
export function actorOf(c: Context<App>): Actor | null {
  const principal = c.get("principal");
  return principal.role === "user" ? null : { name: principalName(principal), requestId: c.get("requestId") };
}

export const callerOf = (principal: Principal): Caller =>
  principal.role === "product" ? { role: "product", product: principal.product } : { role: principal.role };

/** An id that nobody can guess, told apart by its prefix. */
export const newId = <I extends string>(prefix: string): I =>
  `${prefix}_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}` as I;
