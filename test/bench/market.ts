import { load, type Shot } from "./load.ts";

/** Somebody whose account is loaded. The values are whole `Authorization` headers. */
export interface Customer {
  /** `/v1/accounts/{account}` */
  readonly path: string;
  readonly user: string;
  /** Whoever places the orders: a product's console, or the customer. */
  readonly buyer: string;
}

/** Customers, and what they buy: the same in every order. */
export interface Market {
  readonly baseUrl: string;
  readonly customers: readonly Customer[];
  readonly order: Readonly<Record<string, unknown>>;
}

interface CatalogueProduct {
  readonly returnOrigins?: readonly string[];
  readonly resourceTypes: readonly {
    readonly id: string;
    readonly billing: readonly string[];
    readonly minimumMonths?: number;
    readonly skus: readonly { readonly id: string; readonly metering?: string; readonly minimum?: string }[];
  }[];
}

/** One line of the first prepaid resource type that a product sells, for the shortest time. */
export async function orderOf(baseUrl: string, product: string, authorization: string): Promise<object> {
  const catalogue: CatalogueProduct = await ask(baseUrl, `/v1/catalog/products/${product}`, authorization);
  const type = catalogue.resourceTypes.find(({ billing }) => billing.includes("prepaid"));
  const sku = type?.skus.find(({ metering = "configuration" }) => metering === "configuration");
  if (!type || !sku) throw new Error(`${product} sells nothing prepaid`);
  return {
    action: "create",
    product,
    lines: [
      {
        resourceType: type.id,
        name: "bench",
        configuration: [{ sku: sku.id, quantity: Math.ceil(Number(sku.minimum ?? 1)) }],
        period: { months: type.minimumMonths ?? 1 },
      },
    ],
    returnUrl: catalogue.returnOrigins?.[0] ?? "http://localhost:3000/",
  };
}

async function ask<T>(baseUrl: string, path: string, authorization: string): Promise<T> {
  const answer = await fetch(`${baseUrl}${path}`, { headers: { Authorization: authorization } });
  if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Sends every one of these, many at a time. */
export async function sendAll(baseUrl: string, shots: readonly Shot[]): Promise<void> {
  const concurrency = 16;
  const left = shots.values();
  const next = () => left.next().value ?? null;
  await load({ baseUrl, concurrency, durationMs: Number.POSITIVE_INFINITY, next });
}

export const withBody = (body: object, authorization: string, key?: string) => ({
  headers: {
    Authorization: authorization,
    "Content-Type": "application/json",
    ...(key === undefined ? {} : { "Idempotency-Key": key }),
  },
  body: JSON.stringify(body),
});
