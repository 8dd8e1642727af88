import type { Event } from "../events.ts";
import { type LinkedAccount, over } from "./linked-account.ts";

/** A gateway says that a linked account is of no more use: it is removed, and its customer is told. */
export function gone(linked: LinkedAccount, atMs: number): Event[] {
  if (linked.status !== "active") return [];
  const { id, gateway, label } = linked;
  return [
    {
      type: "linked_account_changed",
      linkedAccount: { ...over(linked, "removed", "link_gone", atMs), token: null },
    },
    {
      type: "notice_given",
      notice: { key: `linked_account_gone:${id}`, template: "linked_account_gone", atMs, gateway, label },
    },
  ];
}
