import type { Action } from "../http/actions.ts";

/** A page of the portal that its menu leads to. */
export interface Room {
  readonly name: "dashboard" | "billing" | "payments" | "credits";
  readonly path: string;
  /** What somebody must be allowed to do to see it; "any": every signed-in person. */
  readonly action: Action | "any";
}

/** The map of the portal: which page asks for which action. What stands below a page's path asks for it too. */
export const ROOMS: readonly Room[] = [
  { name: "dashboard", path: "/portal", action: "any" },
  { name: "billing", path: "/portal/billing", action: "ListBillings" },
  { name: "payments", path: "/portal/payments", action: "ListPayments" },
  { name: "credits", path: "/portal/credits", action: "ListCredits" },
];
