import { accountObject, execute } from "../account/client.ts";
import type { AccountId } from "../domain/ids.ts";
import { asCommand } from "./attempts.ts";
import { isSealedAnew, open, seal } from "./tokens.ts";

export interface Resealed {
  readonly resealed: number;
  /** Sealed with a key that this installation hasn't got. */
  readonly unreadable: number;
}

/** Seals an account's tokens with the key that is in use now, where they were sealed with another one. */
export async function resealTokens(env: Env, account: AccountId): Promise<Resealed> {
  let [resealed, unreadable] = [0, 0];
  for (const { id: link, token: before } of await accountObject(env, account).linksWithTokens()) {
    if (!before || (await isSealedAnew(env, before))) continue;
    const text = await open(env, link, "token", before);
    if (text === null) {
      unreadable += 1;
      continue;
    }
    const token = await seal(env, link, "token", text);
    const command = { type: "reseal_link", link, before, token } as const;
    const outcome = await execute(env, account, asCommand(command, null));
    if (outcome.kind === "answered" && outcome.answer) resealed += 1;
  }
  return { resealed, unreadable };
}
