import { ABOUT_RESOURCES, type Action } from "../http/actions.ts";

/**
 * A page of the portal, or what one of its forms does; and what somebody must be allowed to do: all that it asks for,
 * and one of `oneOf`, where it names any.
 */
export interface Room {
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly asks: readonly Action[];
  readonly oneOf?: readonly Action[];
}

export const isOpenTo = (
  { asks, oneOf }: Pick<Room, "asks" | "oneOf">,
  actions: readonly Action[],
): boolean =>
  asks.every((action) => actions.includes(action)) &&
  (oneOf === undefined || oneOf.some((action) => actions.includes(action)));

/** Orders are paid at the checkout, which is opened by whoever places them. */
const ORDERING_TIME = ["RenewResources", "PayOrder"] as const;

const LINKING = ["ManageLinkedAccounts"] as const;

/** The map of the portal: what each page and form asks for. The first path that fits is taken. */
export const ROOMS = {
  dashboard: { path: "/portal", asks: [] },
  resources: { path: "/portal/resources", asks: [], oneOf: ABOUT_RESOURCES },
  renew: { method: "POST", path: "/portal/resources/renew", asks: ORDERING_TIME },
  matchEndTime: { path: "/portal/resources/match-end-time", asks: ORDERING_TIME },
  orderMatch: { method: "POST", path: "/portal/resources/match-end-time", asks: ORDERING_TIME },
  resource: { path: "/portal/resources/:resource", asks: [], oneOf: ABOUT_RESOURCES },
  tags: { method: "POST", path: "/portal/resources/:resource/tags", asks: ["ManageResources"] },
  autoRenew: { method: "POST", path: "/portal/resources/:resource/auto-renew", asks: ["RenewResources"] },
  recover: {
    method: "POST",
    path: "/portal/resources/:resource/recover",
    asks: ["ManageResources", "PayOrder"],
  },
  convert: {
    method: "POST",
    path: "/portal/resources/:resource/convert",
    asks: ["ManageResources", "PayOrder"],
  },
  stopTrial: { path: "/portal/resources/:resource/stop-trial", asks: ["ManageResources"] },
  doStopTrial: {
    method: "POST",
    path: "/portal/resources/:resource/stop-trial",
    asks: ["ManageResources"],
  },
  deletion: { path: "/portal/resources/:resource/delete", asks: ["DeleteResources"] },
  deleteResource: { method: "POST", path: "/portal/resources/:resource/delete", asks: ["DeleteResources"] },
  use: { path: "/portal/use", asks: ["ListUsages"] },
  usageReport: { path: "/portal/use/report", asks: ["ListUsages"] },
  usageReportXlsx: { path: "/portal/use/report.xlsx", asks: ["ExportUsages"] },
  usageReportCsv: { path: "/portal/use/report.csv", asks: ["ExportUsages"] },
  billing: { path: "/portal/billing", asks: ["ListBillings"] },
  billingXlsx: { path: "/portal/billing.xlsx", asks: ["ExportBillings"] },
  billingPdf: { path: "/portal/billing.pdf", asks: ["ExportBillings"] },
  billMonths: { path: "/portal/billing/months", asks: ["ListBillings"] },
  bills: { path: "/portal/billing/pay", asks: ["PayBilling"] },
  payBills: { method: "POST", path: "/portal/billing/pay", asks: ["PayBilling"] },
  billPayment: { path: "/portal/billing/payments/:payment", asks: ["PayBilling"] },
  invoicePdf: { path: "/portal/billing/:code{.+\\.pdf}", asks: ["GetBilling"] },
  invoice: { path: "/portal/billing/:code", asks: ["GetBilling"] },
  costs: { path: "/portal/costs", asks: ["GetBillingStatistic"] },
  costsFile: { path: "/portal/costs.csv", asks: ["GetBillingStatistic", "ExportBillings"] },
  payments: { path: "/portal/payments", asks: ["ListPayments"] },
  paymentsXlsx: { path: "/portal/payments.xlsx", asks: ["ExportPayments"] },
  paymentsPdf: { path: "/portal/payments.pdf", asks: ["ExportPayments"] },
  credits: { path: "/portal/credits", asks: ["ListCredits"] },
  creditsXlsx: { path: "/portal/credits.xlsx", asks: ["ExportCredits"] },
  creditsPdf: { path: "/portal/credits.pdf", asks: ["ExportCredits"] },
  trialCredit: { path: "/portal/credits/trial", asks: ["ListCredits"] },
  buyCredit: { path: "/portal/credits/buy", asks: ["BuyCredit"] },
  beginTopUp: { method: "POST", path: "/portal/credits/buy", asks: ["BuyCredit"] },
  topUp: { path: "/portal/credits/buy/:payment", asks: ["BuyCredit"] },
  settings: { path: "/portal/settings", asks: ["GetUserInfo"] },
  linkedAccounts: { path: "/portal/linked-accounts", asks: LINKING },
  linkAccount: { method: "POST", path: "/portal/linked-accounts", asks: LINKING },
  chooseLinked: { method: "POST", path: "/portal/linked-accounts/default", asks: LINKING },
  unlinkAccount: { method: "POST", path: "/portal/linked-accounts/remove", asks: LINKING },
  payUnpaid: { method: "POST", path: "/portal/linked-accounts/pay", asks: [...LINKING, "PayOrder"] },
  autoTopUp: { path: "/portal/auto-top-up", asks: ["BuyCredit"] },
  turnAutoTopUpOn: { method: "POST", path: "/portal/auto-top-up", asks: ["BuyCredit"] },
  turnAutoTopUpOff: { method: "POST", path: "/portal/auto-top-up/off", asks: ["BuyCredit"] },
  budget: { path: "/portal/budget", asks: ["ManageProfile"] },
  changeBudget: { method: "POST", path: "/portal/budget", asks: ["ManageProfile"] },
  removeBudget: { method: "POST", path: "/portal/budget/remove", asks: ["ManageProfile"] },
  invoiceAddresses: { path: "/portal/invoice-addresses", asks: ["ManageProfile"] },
  addInvoiceAddress: { method: "POST", path: "/portal/invoice-addresses", asks: ["ManageProfile"] },
  setDefaultAddress: { method: "POST", path: "/portal/invoice-addresses/default", asks: ["ManageProfile"] },
  removeAddress: { method: "POST", path: "/portal/invoice-addresses/remove", asks: ["ManageProfile"] },
  recipients: { path: "/portal/recipients", asks: ["ManageProfile"] },
  addRecipient: { method: "POST", path: "/portal/recipients", asks: ["ManageProfile"] },
  removeRecipient: { method: "POST", path: "/portal/recipients/remove", asks: ["ManageProfile"] },
} as const satisfies Readonly<Record<string, Room>>;

export type RoomName = keyof typeof ROOMS;

/** The pages that the menu leads to; the others are reached from these. */
export const MENU = [
  "dashboard",
  "resources",
  "use",
  "billing",
  "costs",
  "payments",
  "credits",
] as const satisfies readonly RoomName[];

/** The pages of what is set for an account: the menu leads to the first of them that its visitor may enter. */
export const SETTINGS = [
  "settings",
  "linkedAccounts",
  "autoTopUp",
  "invoiceAddresses",
  "recipients",
  "budget",
] as const satisfies readonly RoomName[];

export const invoicePath = (code: string): string => `${ROOMS.billing.path}/${encodeURIComponent(code)}`;

/** Where bills are paid. */
export const billsPath = (codes: readonly string[], more: Readonly<Record<string, string>> = {}): string =>
  `${ROOMS.bills.path}?${new URLSearchParams([...codes.map((code): [string, string] => ["bill", code]), ...Object.entries(more)])}`;

/** The address of a resource's page, or of what is done there. */
export const resourcePath = (
  id: string,
  room: "resource" | "tags" | "autoRenew" | "recover" | "convert" | "stopTrial" | "deletion" = "resource",
): string => ROOMS[room].path.replace(":resource", encodeURIComponent(id));

/** Where credit that is being bought is waited for. */
export const topUpPath = (payment: string): string =>
  ROOMS.topUp.path.replace(":payment", encodeURIComponent(payment));

export const PDF = ".pdf";
