import { Admin } from "./admin.ts";

/** Where the sandbox's console of a product takes billing's calls. */
export const consoleUrl = (origin: string, product: string): string =>
  `${origin}/sandbox/consoles/${product}/calls`;

/** Where to have a product called now, if it is called at its console of another port; otherwise null. */
export function movedConsoleUrl(callbackUrl: string | undefined, origin: string, product: string) {
  const wanted = consoleUrl(origin, product);
  if (callbackUrl === undefined || callbackUrl === wanted) return null;
  const there = consoleUrl(`http://localhost:${new URL(callbackUrl).port}`, product);
  return callbackUrl === there ? wanted : null;
}

interface Product {
  id: string;
  version: number;
  callbackUrl?: string;
}

/**
 * Has the sandbox's consoles called at the port they are at now, if an earlier start had them called at another one.
 * A product that is called elsewhere, or not at all, stays as it is.
 */
export async function moveConsoles(baseUrl: string, adminToken: string, origin: string): Promise<void> {
  const admin = new Admin(baseUrl, adminToken);
  const { data } = await admin.send<{ data: Product[] }>("GET", "/v1/catalog/products");
  for (const { id, version: _, ...product } of data) {
    const callbackUrl = movedConsoleUrl(product.callbackUrl, origin, id);
    if (callbackUrl !== null)
      await admin.send("PUT", `/v1/catalog/products/${id}`, { ...product, callbackUrl });
  }
}
