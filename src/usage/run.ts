import { DIGEST_WORDS, type Digest } from "./digest.ts";

/**
 * Digests in their order, one after another, with a filter: a set of bits that tells of almost every digest that isn't
 * there, without a look at those that are.
 */
export interface Run {
  readonly digests: BigUint64Array<ArrayBuffer>;
  readonly filter: Uint32Array<ArrayBuffer>;
}

/** Bits of a filter for each digest; with three of them set for each, one look in two hundred is in vain. */
const BITS_PER_DIGEST = 16;
const PROBES = 3;
/** A digest's words of 32 bits. They are as good as random, so they say which bits are its. */
const PARTS = 4;

export function runOf(digests: readonly Digest[]): Run {
  const whole = new BigUint64Array(digests.length * DIGEST_WORDS);
  const sorted = digests.toSorted((a, b) => (isBefore(a, 0, b, 0) ? -1 : 1));
  for (const [index, digest] of sorted.entries()) whole.set(digest, index * DIGEST_WORDS);
  return withFilter(whole);
}

/** One run of what two hold. */
export function merged(a: BigUint64Array, b: BigUint64Array): Run {
  const whole = new BigUint64Array(a.length + b.length);
  let [fromA, fromB] = [0, 0];
  for (let to = 0; to < whole.length; to += DIGEST_WORDS) {
    const isA = fromB === b.length || (fromA < a.length && isBefore(a, fromA, b, fromB));
    const [from, at] = isA ? [a, fromA] : [b, fromB];
    whole.set(from.subarray(at, at + DIGEST_WORDS), to);
    if (isA) fromA += DIGEST_WORDS;
    else fromB += DIGEST_WORDS;
  }
  return withFilter(whole);
}

/** False says that the digest isn't in the filter's run; true that it may be. */
export function mayHold(filter: Uint32Array, digest: Digest): boolean {
  const parts = new Uint32Array(digest.buffer, digest.byteOffset, PARTS);
  for (let probe = 0; probe < PROBES; probe += 1) {
    const bit = (parts[probe] ?? 0) % (filter.length * 32);
    if (((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

export function holds(digests: BigUint64Array, digest: Digest): boolean {
  let [low, high] = [0, sizeOf(digests)];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(digests, middle * DIGEST_WORDS, digest, 0)) low = middle + 1;
    else high = middle;
  }
  const at = low * DIGEST_WORDS;
  return at < digests.length && !isBefore(digest, 0, digests, at);
}

export const sizeOf = (digests: BigUint64Array): number => digests.length / DIGEST_WORDS;

function withFilter(digests: BigUint64Array<ArrayBuffer>): Run {
  const filter = new Uint32Array(Math.ceil((sizeOf(digests) * BITS_PER_DIGEST) / 32));
  const parts = new Uint32Array(digests.buffer);
  for (let at = 0; at < parts.length; at += PARTS) {
    for (let probe = 0; probe < PROBES; probe += 1) {
      const bit = (parts[at + probe] ?? 0) % (filter.length * 32);
      filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
  }
  return { digests, filter };
}

function isBefore(a: BigUint64Array, at: number, b: BigUint64Array, bt: number): boolean {
  const [one, other] = [a[at] ?? 0n, b[bt] ?? 0n];
  return one < other || (one === other && (a[at + 1] ?? 0n) < (b[bt + 1] ?? 0n));
}
