import type { ProductId } from "../domain/ids.ts";

/** The first 128 bits of a hash of an event's id, as two words: as good as the id to tell events apart, and always as short. */
export type Digest = BigUint64Array<ArrayBuffer>;

export const DIGEST_WORDS = 2;

/** Ids are each product's own. */
export async function digestOf(product: ProductId, id: string): Promise<Digest> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${product} ${id}`));
  return new BigUint64Array(hash, 0, DIGEST_WORDS);
}
