import { bodyOf, type OrderView, type OrProblem, openAccount, type TestAccount } from "../support/api.ts";

export interface Results {
  readonly results: readonly { readonly id: string; readonly status: string; readonly code?: string }[];
}

/** A balancer's SKUs in a quantity; those of all its meters begin at nothing. */
export const balancer = (quantities: Readonly<Record<string, number>> = { node: 1 }) =>
  Object.entries({ "cache-gb": 0, "traffic-gb": 0, "data-gb": 0, ...quantities }).map(([sku, quantity]) => ({
    sku,
    quantity,
  }));

export const postpaidAccount = () => openAccount(0, { settings: { billingMode: "postpaid" } });

/** A balancer in service that is paid by the month; its id. */
export async function serveBalancer(
  account: TestAccount,
  configuration: ReturnType<typeof balancer> = balancer(),
): Promise<string> {
  const ordered = await account.console.post<OrderView>(`${account.path}/orders`, {
    action: "create",
    lines: [{ resourceType: "balancer", name: "lb", configuration }],
    returnUrl: "https://console.example/done",
  });
  const { id } = bodyOf(ordered, 201);
  const [line] = (await account.provisionAll(id, "succeeded")).lines;
  if (!line?.resourceId) throw new Error("an order without a resource");
  return line.resourceId;
}

export const report = (account: TestAccount, events: unknown, by = account.console) =>
  by.post<OrProblem<Results>>(`${account.path}/usage-events`, { events }, { key: null });

export const eventOf = (resource: string, more: object = {}) => ({
  ...{ id: crypto.randomUUID(), resource, sku: "traffic-gb", quantity: "1.5", at: new Date().toISOString() },
  ...more,
});
