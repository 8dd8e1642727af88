import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Digest } from "../../src/usage/digest.ts";
import { holds, mayHold, merged, runOf, sizeOf } from "../../src/usage/run.ts";

/** Few values, so that halves are alike, and all bits. */
const words = fc.oneof(fc.bigInt({ min: 0n, max: 3n }), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }));
const digests = fc.uniqueArray(fc.tuple(words, words), { selector: (pair) => pair.join(), maxLength: 60 });
const asDigest = (pair: readonly bigint[]): Digest => BigUint64Array.from(pair);

describe("a run", () => {
  test("holds what it was made of, or merged from, and nothing else; its filter never hides any of it", () => {
    fc.assert(
      fc.property(digests, fc.nat({ max: 60 }), fc.tuple(words, words), (pairs, cut, other) => {
        const [left, right] = [
          runOf(pairs.slice(0, cut).map(asDigest)),
          runOf(pairs.slice(cut).map(asDigest)),
        ];
        const run = merged(left.digests, right.digests);
        expect(sizeOf(run.digests)).toBe(pairs.length);
        for (const pair of pairs) {
          expect(holds(run.digests, asDigest(pair))).toBe(true);
          expect(mayHold(run.filter, asDigest(pair))).toBe(true);
        }
        expect(holds(run.digests, asDigest(other))).toBe(pairs.some((pair) => pair.join() === other.join()));
      }),
    );
  });

  test("is rarely looked through in vain", () => {
    const random = (): Digest => crypto.getRandomValues(new BigUint64Array(2));
    const { filter } = runOf(Array.from({ length: 5_000 }, random));
    const inVain = Array.from({ length: 5_000 }, random).filter((digest) => mayHold(filter, digest));
    expect(inVain.length).toBeLessThan(100);
  });
});
