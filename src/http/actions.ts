/** What a signed-in customer may be allowed to do. (README: How it's built.) */
export const ACTIONS = [
  "ListUsages",
  "ExportUsages",
  "GetTrafficUsages",
  "ExportTrafficUsages",
  "ListBillings",
  "GetBilling",
  "GetBillingStatistic",
  "ExportBillings",
  "ListPayments",
  "ExportPayments",
  "ListCredits",
  "ExportCredits",
  "GetUserInfo",
  "GetUserBalance",
  "BuyCredit",
  "PayOrder",
  "PayBilling",
  "RenewResources",
  "DeleteResources",
  "ManageResources",
  "ManageLinkedAccounts",
  "ManageProfile",
] as const;

export type Action = (typeof ACTIONS)[number];

/** Whoever may do one of these sees the account's resources: they are what it is about. */
export const ABOUT_RESOURCES = [
  "ListUsages",
  "GetTrafficUsages",
  "PayOrder",
  "RenewResources",
  "DeleteResources",
  "ManageResources",
] as const satisfies readonly Action[];
