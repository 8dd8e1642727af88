import { isSuspendedForBills } from "../bills/suspension.ts";
import type { ResourceId } from "../ids.ts";
import { openOf } from "../invoice.ts";
import { balanceOf } from "../ledger.ts";
import { add, type Money, subtract, sum, ZERO } from "../money.ts";
import { type Order, type OrderLine, statusFromLines, toPayFor } from "../order.ts";
import { paidOnPoc, trialProblems } from "../poc/invariants.ts";
import { undeliveredOf } from "../provisioning.ts";
import { isInTrash } from "../resource.ts";

import { type Books, broken, type Violation } from "./books.ts";

/** Per resource: payments − refunds + what is still open = invoices − credit notes + what was paid and isn't delivered yet. */
export function resourcesAddUp({ resources, payments, invoices, creditNotes, orders }: Books): Violation[] {
  const paid = new Map<ResourceId, Money>();
  const owed = new Map<ResourceId, Money>();
  const count = (map: Map<ResourceId, Money>, id: ResourceId, amount: Money) =>
    map.set(id, add(map.get(id) ?? ZERO, amount));
  const onPoc = paidOnPoc({ payments });
  for (const { kind, status, lines, method } of payments) {
    if (status !== "succeeded" || method === "poc") continue;
    for (const { resource, amount } of lines)
      count(paid, resource, kind === "refund" ? subtract(ZERO, amount) : amount);
  }
  for (const invoice of invoices) {
    count(owed, invoice.resource, invoice.total);
    count(paid, invoice.resource, openOf(invoice));
  }
  for (const note of creditNotes) count(owed, note.resource, subtract(ZERO, note.total));
  for (const { payment, quote } of orders) {
    if (payment && onPoc.has(payment)) continue;
    for (const line of quote.lines)
      if (line.status === "provisioning" && line.resource) count(owed, line.resource, toPayFor(line));
  }
  return resources.flatMap(({ id }) =>
    (paid.get(id) ?? 0) === (owed.get(id) ?? 0)
      ? []
      : [broken(6, `${id}: ${paid.get(id) ?? 0} paid or open, ${owed.get(id) ?? 0} invoiced or waiting`)],
  );
}

export const trialsAddUp = (books: Books): Violation[] =>
  trialProblems(books).map((problem) => broken(11, problem));

export function undeliveredIsWhatWaits({ orders, balances }: Books): Violation[] {
  const waiting = sum(orders.map(undeliveredOf));
  const kept = balanceOf(balances, "undelivered");
  return waiting === kept ? [] : [broken(6, `${kept} undelivered in the books, ${waiting} in the orders`)];
}

/** A line that waits has its resource to itself, a delivered one has left it; and an order says what its lines say. */
export function resourcesStandAsTheirLines({ orders, resources }: Books): Violation[] {
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const isAstray = (order: Order, line: OrderLine): boolean => {
    const resource = line.resource === null ? undefined : byId.get(line.resource);
    if (line.status === "pending")
      return order.paidAtMs !== null || (order.action === "create" && !!resource);
    if (!resource) return true;
    if (line.status === "provisioning") return resource.pending?.line !== line.id;
    if (resource.pending?.line === line.id) return true;
    return line.status === "refunded" && order.action === "create" && resource.state !== "deleted";
  };
  const waiting = new Set(
    orders.flatMap(({ quote }) =>
      quote.lines.filter(({ status }) => status === "provisioning").map(({ id }) => id),
    ),
  );
  return [
    ...orders.flatMap((order) => {
      const wrongStatus = order.paidAtMs !== null && order.status !== statusFromLines(order.quote.lines);
      const strays = order.quote.lines.filter((line) => isAstray(order, line));
      return [
        ...(wrongStatus ? [broken(8, `order ${order.id} is ${order.status}, its lines say otherwise`)] : []),
        ...strays.map((line) => broken(8, `line ${line.id} is ${line.status}, its resource isn't`)),
      ];
    }),
    ...resources.flatMap(({ id, pending, state }) =>
      (pending && !waiting.has(pending.line)) || (state === "provisioning" && !pending)
        ? [broken(8, `${id} waits for a line that doesn't`)]
        : [],
    ),
  ];
}

/** Paid and provisioned ⇒ not suspended: what is restricted or suspended has reached the end of its time, or is owed for. */
export function paidResourcesServe({ resources, invoices }: Books): Violation[] {
  const owes = invoices.some((invoice) => openOf(invoice) > 0);
  return resources.flatMap((resource) => {
    const { id, state, endAtMs, terms, ran } = resource;
    const serves = state !== "restricted" && state !== "suspended";
    if (resource.hold?.resumesAs) return [];
    const hasEnded = endAtMs === null ? isInTrash(resource) && terms.length === 0 : ran.atMs >= endAtMs;
    const isOwedFor = owes && isSuspendedForBills(resource);
    return serves || hasEnded || isOwedFor ? [] : [broken(8, `${id} is ${state} and paid up to ${endAtMs}`)];
  });
}
