import type { Event } from "../events.ts";
import { refundBook } from "../poc/wallet.ts";
import { refund as refundPosting, trial, trialReversal } from "../postings.ts";
import { type OpenLine, type Outcome, type PaidOrder, withLine } from "../provisioning.ts";
import type { Resource } from "../resource.ts";
import { replaceTerms } from "../terms.ts";
import { refundPayment } from "./refund.ts";
import { resizedNotice } from "./resize.ts";

/** The console has changed a resource that runs on trial money: as any resize, but nothing was invoiced. (Domain: POC.) */
export function resizeTried(paid: PaidOrder, { line, item, resource }: OpenLine, nowMs: number): Outcome {
  const { account, counts, payment, pocWallet } = paid;
  if (!payment) throw new Error(`line ${line.id} was never paid`);
  const at = { atMs: paid.order.quote.quotedAtMs, timeZone: account.timeZone };
  const { term, toPay, refund } = replaceTerms(resource.terms, line.charges, at, resource.policy);
  const resized: Resource = {
    ...resource,
    ...{ configuration: item.configuration, version: resource.version + 1, pending: null, terms: [term] },
  };
  const order = withLine(paid.order, { ...line, status: "active" });
  const entry = { atMs: nowMs, reference: line.id };
  const told = { code: null, total: term.paid, issuedAtMs: nowMs };
  const back: Event = {
    type: "payment_recorded",
    payment: {
      ...refundPayment(payment, { line, resource, amount: refund }, "Resized to less", nowMs),
      n: counts.payments + 1,
    },
  };
  return {
    order,
    resource: resized,
    events: [
      { type: "order_changed", order },
      { type: "resource_changed", resource: resized },
      ...trial(toPay, { ...entry, description: `Service delivered: ${resource.name}` }),
      ...(refund > 0 ? [back] : []),
      ...trialReversal(refund, { ...entry, description: `Service taken back: ${resource.name}` }),
      ...refundPosting(
        refund,
        { ...entry, description: `Refund: ${resource.name}` },
        refundBook(pocWallet, nowMs),
      ),
      resizedNotice(resized, { line: line.id, refund }, told),
    ],
  };
}
