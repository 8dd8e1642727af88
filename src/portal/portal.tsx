import type { Context } from "hono";
import type { App } from "../http/context.ts";
import { routes } from "../http/openapi.ts";
import { chooseLanguage } from "./language.ts";
import { autoTopUp, turnAutoTopUpOff, turnAutoTopUpOn } from "./rooms/auto-top-up.tsx";
import { billMonths } from "./rooms/bill-months.tsx";
import { billPayment } from "./rooms/bill-payment.tsx";
import { billing } from "./rooms/billing.tsx";
import { bills, payBills } from "./rooms/bills.tsx";
import { budget, changeBudget, removeBudget } from "./rooms/budget.tsx";
import { beginTopUp, buyCredit } from "./rooms/buy-credit.tsx";
import { convert } from "./rooms/convert.ts";
import { costs, costsFile } from "./rooms/costs.tsx";
import { credits } from "./rooms/credits.tsx";
import { dashboard } from "./rooms/dashboard.tsx";
import { deleteResource, deletion } from "./rooms/deletion.tsx";
import {
  billingPdf,
  billingXlsx,
  creditsPdf,
  creditsXlsx,
  paymentsPdf,
  paymentsXlsx,
  usageReportCsv,
  usageReportXlsx,
} from "./rooms/exports.tsx";
import { invoice, invoicePdfFile } from "./rooms/invoice.tsx";
import {
  addInvoiceAddress,
  invoiceAddresses,
  removeAddress,
  setDefaultAddress,
} from "./rooms/invoice-addresses.tsx";
import {
  chooseLinked,
  linkAccount,
  linkedAccounts,
  payUnpaid,
  unlinkAccount,
} from "./rooms/linked-accounts.tsx";
import { matchEndTime, orderMatch } from "./rooms/match-end-time.tsx";
import { orderRenewal } from "./rooms/order-renewal.ts";
import { payments } from "./rooms/payments.tsx";
import { addRecipient, recipients, removeRecipient } from "./rooms/recipients.tsx";
import { recover } from "./rooms/recover.ts";
import { resource } from "./rooms/resource.tsx";
import { setAutoRenew, setTags } from "./rooms/resource-settings.ts";
import { resources } from "./rooms/resources.tsx";
import { settings } from "./rooms/settings.tsx";
import { doStopTrial, stopTrial } from "./rooms/stop-trial.tsx";
import { topUp } from "./rooms/top-up.tsx";
import { trialCredit } from "./rooms/trial-credit.tsx";
import { usageReport } from "./rooms/usage-report.tsx";
import { use } from "./rooms/use.tsx";
import { ROOMS, type Room, type RoomName } from "./rooms.ts";
import { beforePages } from "./security.ts";
import { enter, leave, visiting } from "./session.tsx";
import { failedPage, nothingHere } from "./ui/closed.tsx";

/** What stands in each room of the map, and what its forms do. */
const PAGES: Readonly<Record<RoomName, (c: Context<App>) => Response | Promise<Response>>> = {
  dashboard,
  resources,
  renew: orderRenewal,
  matchEndTime,
  orderMatch,
  resource,
  tags: setTags,
  autoRenew: setAutoRenew,
  recover,
  convert,
  stopTrial,
  doStopTrial,
  deletion,
  deleteResource,
  use,
  usageReport,
  usageReportXlsx,
  usageReportCsv,
  billing,
  billingXlsx,
  billingPdf,
  billMonths,
  bills,
  payBills,
  billPayment,
  invoicePdf: invoicePdfFile,
  invoice,
  costs,
  costsFile,
  payments,
  paymentsXlsx,
  paymentsPdf,
  credits,
  creditsXlsx,
  creditsPdf,
  trialCredit,
  buyCredit,
  beginTopUp,
  topUp,
  settings,
  linkedAccounts,
  linkAccount,
  chooseLinked,
  unlinkAccount,
  payUnpaid,
  autoTopUp,
  turnAutoTopUpOn,
  turnAutoTopUpOff,
  budget,
  changeBudget,
  removeBudget,
  invoiceAddresses,
  addInvoiceAddress,
  setDefaultAddress,
  removeAddress,
  recipients,
  addRecipient,
  removeRecipient,
};

/** The ways out, and what leads nowhere, ask for nothing. */
const ANYBODY = { asks: [] };

/** The portal: its way in and out, and its rooms. */
export const portal = routes();
portal.use("/portal/*", ...beforePages, chooseLanguage);
portal.onError(failedPage);
portal.get("/portal/enter", enter);
portal.post("/portal/sign-out", visiting(ANYBODY), leave);
for (const [name, page] of Object.entries(PAGES)) {
  const { method = "GET", path, ...asked }: Room = ROOMS[name as RoomName];
  portal.on(method, path, visiting(asked), page);
}
portal.get("/portal/*", visiting(ANYBODY), nothingHere);
