import { describe, expect, it } from "vitest";
import type { AddRecipient } from "../../../src/domain/commands/add-recipient.ts";
import { type Command, decide } from "../../../src/domain/decide.ts";
import type { RecipientId } from "../../../src/domain/ids.ts";
import { DAY_MS } from "../../../src/domain/local-time.ts";
import { mailsFor } from "../../../src/domain/notice.ts";
import { MAX_RECIPIENTS } from "../../../src/domain/recipient.ts";
import { NOTICES } from "../../mail/samples.ts";
import { MemoryState, OWNER } from "../memory-state.ts";

const id = (n: number) => `rcp_${n}` as RecipientId;
const asking = (n: number, email = `r${n}@example.com`): AddRecipient => ({
  type: "add_recipient",
  recipient: id(n),
  email,
  confirmationUrl: `https://billing.example/${n}`,
});
const saysYes = (n: number): Command => ({ type: "confirm_recipient", recipient: id(n) });
const removing = (n: number): Command => ({ type: "remove_recipient", recipient: id(n) });

/** Gives commands to an account; the code of the first refusal, or null. */
function give(state: MemoryState, nowMs: number, ...commands: readonly Command[]): string | null {
  for (const command of commands) {
    const decided = decide(state, command, { nowMs, caller: OWNER });
    if (!decided.ok) return decided.error.code;
    if (decided.value.kind === "done") state.apply(decided.value.events);
  }
  return null;
}

const addressesOf = ({ account }: MemoryState) =>
  account ? mailsFor(account, NOTICES.order_paid).map(({ to }) => to) : [];

describe("recipients", () => {
  it("get the account's mails beside its owner once they have said yes", () => {
    const state = new MemoryState();
    expect(give(state, 0, asking(1), asking(2))).toBeNull();
    expect(addressesOf(state)).toEqual(["an@example.com"]);
    expect(give(state, 3 * DAY_MS - 1, saysYes(2))).toBeNull();
    expect(addressesOf(state)).toEqual(["an@example.com", "r2@example.com"]);
  });

  it("are asked by a mail to them alone, with the link and how long it is good for", () => {
    const state = new MemoryState();
    give(state, 5, asking(1));
    const [notice] = state.notices;
    expect(notice).toMatchObject({
      template: "recipient_asked",
      confirmationUrl: "https://billing.example/1",
      untilMs: 5 + 3 * DAY_MS,
    });
    expect(state.account && notice && mailsFor(state.account, notice).map(({ to }) => to)).toEqual([
      "r1@example.com",
    ]);
  });

  it("can't say yes after three days, nor to a link that a later one replaced", () => {
    const state = new MemoryState();
    give(state, 0, asking(1));
    expect(give(state, 3 * DAY_MS, saysYes(1))).toBe("confirmation_expired");
    expect(give(state, 3 * DAY_MS, asking(2, "R1@example.com"))).toBeNull();
    expect(state.account?.recipients).toHaveLength(1);
    expect(give(state, 3 * DAY_MS, saysYes(1))).toBe("recipient_not_found");
    expect(give(state, 3 * DAY_MS, saysYes(2), saysYes(2))).toBeNull();
  });

  it("get none any more once they are removed", () => {
    const state = new MemoryState();
    give(state, 0, asking(1), saysYes(1), removing(1));
    expect(addressesOf(state)).toEqual(["an@example.com"]);
    expect(give(state, 0, removing(1))).toBe("recipient_not_found");
    expect(give(state, 0, saysYes(1))).toBe("recipient_not_found");
  });

  it("are each there once, and the owner isn't one of them", () => {
    const state = new MemoryState();
    give(state, 0, asking(1), saysYes(1));
    expect(give(state, 0, asking(2, "R1@Example.com"))).toBe("recipient_exists");
    expect(give(state, 0, asking(2, "AN@example.com"))).toBe("recipient_exists");
  });

  it("are no more than twenty", () => {
    const state = new MemoryState();
    const all = Array.from({ length: MAX_RECIPIENTS }, (_, n) => asking(n));
    expect(give(state, 0, ...all)).toBeNull();
    expect(give(state, 0, asking(99))).toBe("too_many_recipients");
  });

  it("stay when the account's settings change", () => {
    const state = new MemoryState();
    give(state, 0, asking(1), saysYes(1));
    const { account } = state;
    if (!account) throw new Error("no account");
    const { createdAtMs: _, recipients: __, ...settings } = account;
    give(state, 0, { type: "configure_account", account: { ...settings, name: "Anh" } });
    expect(state.account?.recipients).toHaveLength(1);
  });
});
