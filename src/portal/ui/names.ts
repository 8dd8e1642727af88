import type { Product } from "../../domain/catalogue.ts";
import type { Resource } from "../../domain/resource.ts";

/** What the catalogue calls things now; what it doesn't have any more goes by its id. */
export function namesIn(products: readonly Product[]) {
  const productOf = (id: string) => products.find((product) => product.id === id);
  const typeOf = ({ product, resourceType }: Pick<Resource, "product" | "resourceType">) =>
    productOf(product)?.resourceTypes.find(({ id }) => id === resourceType);
  return {
    product: ({ product }: Pick<Resource, "product">) => productOf(product)?.name ?? product,
    type: (of: Pick<Resource, "product" | "resourceType">) => typeOf(of)?.name ?? of.resourceType,
    /** "2 × Root disk 20 GB · s-general-1x1" */
    configuration: (of: Pick<Resource, "product" | "resourceType" | "configuration">) =>
      of.configuration
        .map(({ sku: id, quantity }) => {
          const name = typeOf(of)?.skus.find((sku) => sku.id === id)?.name ?? id;
          return quantity <= 1 ? name : `${quantity} × ${name}`;
        })
        .join(" · "),
  };
}
