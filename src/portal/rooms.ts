import type { Action } from "../http/actions.ts";

/** A page of the portal, and what somebody must be allowed to do to see it; "any": every signed-in person. */
export interface Room {
  readonly path: string;
  readonly action: Action | "any";
}

/** The map of the portal: which page asks for which action. The first path that fits is taken. */
export const ROOMS = {
  dashboard: { path: "/portal", action: "any" },
  billing: { path: "/portal/billing", action: "ListBillings" },
  invoicePdf: { path: "/portal/billing/:code{.+\\.pdf}", action: "GetBilling" },
  invoice: { path: "/portal/billing/:code", action: "GetBilling" },
  payments: { path: "/portal/payments", action: "ListPayments" },
  credits: { path: "/portal/credits", action: "ListCredits" },
} as const satisfies Readonly<Record<string, Room>>;

export type RoomName = keyof typeof ROOMS;

/** The pages that the menu leads to; the others are reached from these. */
export const MENU = ["dashboard", "billing", "payments", "credits"] as const satisfies readonly RoomName[];

export const invoicePath = (code: string): string => `${ROOMS.billing.path}/${encodeURIComponent(code)}`;

export const PDF = ".pdf";
