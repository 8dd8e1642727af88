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
