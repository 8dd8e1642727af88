import type { Caller } from "../domain/account.ts";
import type { AnswerTo, Command } from "../domain/decide.ts";
import type { DomainError } from "../domain/errors.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Actor } from "./audit-trail.ts";
import type { KeyedRequest } from "./idempotency.ts";

/** A command on its way to its account. `simulatedNowMs` is set where a sandbox's clock stands still. */
export interface CommandRequest<C extends Command = Command> {
  readonly command: C;
  readonly caller: Caller;
  readonly keyed: KeyedRequest | null;
  /** Named where the command is to leave a trail. */
  readonly actor: Actor | null;
  readonly simulatedNowMs: number | null;
}

/** How a command ended. `replayed`: the answer was given before, under the same idempotency key. */
export type Outcome<A> =
  | { readonly kind: "answered"; readonly answer: A; readonly replayed: boolean }
  | { readonly kind: "refused"; readonly error: DomainError; readonly replayed: boolean }
  | { readonly kind: "key_reused" }
  | { readonly kind: "still_running" };

/** The account's object, wherever it runs. */
export const accountObject = (env: Env, account: AccountId) => env.ACCOUNTS.getByName(account);

/** Gives a command to an account, with the answer typed by the command. Throws only when the object can't be reached. */
export async function execute<C extends Command>(
  env: Env,
  account: AccountId,
  request: CommandRequest<C>,
): Promise<Outcome<AnswerTo<C>>> {
  const outcome: Outcome<unknown> = await accountObject(env, account).execute(request);
  return outcome as Outcome<AnswerTo<C>>;
}
