import type { Product } from "../../domain/catalogue.ts";
import type { Invoice } from "../../domain/invoice.ts";

/** What products and their services are called now; what is sold no more goes by its id. */
export interface Names {
  readonly product: (invoice: Pick<Invoice, "product">) => string;
  readonly service: (invoice: Pick<Invoice, "product" | "resourceType">) => string;
}

export function namesOf(products: readonly Product[]): Names {
  const byId = new Map<string, Product>(products.map((product) => [product.id, product]));
  return {
    product: ({ product }) => byId.get(product)?.name ?? product,
    service: ({ product, resourceType }) =>
      byId.get(product)?.resourceTypes.find(({ id }) => id === resourceType)?.name ?? resourceType,
  };
}
