import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attemptOf, gatewayReferenceOf, readGatewayReference } from "../../src/domain/gateway-reference.ts";

const objectIds = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
const attempts = fc.uint8Array({ minLength: 7, maxLength: 7 }).map(attemptOf);

const SMALLEST = "0".repeat(64);
const LARGEST = "f".repeat(64);

describe("a gateway reference", () => {
  it("leads back to its account's object and its attempt", () => {
    fc.assert(
      fc.property(objectIds, attempts, (objectId, attempt) => {
        expect(readGatewayReference(gatewayReferenceOf({ objectId, attempt }))).toEqual({
          objectId,
          attempt,
        });
      }),
    );
    for (const objectId of [SMALLEST, LARGEST])
      expect(readGatewayReference(gatewayReferenceOf({ objectId, attempt: "0000000" }))?.objectId).toBe(
        objectId,
      );
  });

  it("is what every gateway takes: fifty letters and digits", () => {
    fc.assert(
      fc.property(objectIds, attempts, (objectId, attempt) => {
        expect(gatewayReferenceOf({ objectId, attempt })).toMatch(/^[0-9A-Za-z]{50}$/);
      }),
    );
  });

  it("is another one for every account and attempt", () => {
    fc.assert(
      fc.property(objectIds, attempts, objectIds, attempts, (a, m, b, n) => {
        fc.pre(a !== b || m !== n);
        expect(gatewayReferenceOf({ objectId: a, attempt: m })).not.toBe(
          gatewayReferenceOf({ objectId: b, attempt: n }),
        );
      }),
    );
  });

  it.each([
    ["nothing", ""],
    ["a shorter text", "0".repeat(49)],
    ["a longer text", "0".repeat(51)],
    ["other characters", `${"0".repeat(49)}-`],
    ["letters beyond ASCII", `${"0".repeat(49)}đ`],
    ["a line after it", `${"0".repeat(50)}\n`],
    ["an object id of more than 256 bits", "z".repeat(50)],
  ])("is not read from %s", (_, text) => {
    expect(readGatewayReference(text)).toBeNull();
  });

  it("is one number: another spelling of an object id would be another reference", () => {
    const largest = gatewayReferenceOf({ objectId: LARGEST, attempt: "0000000" });
    const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const next = digits.charAt(digits.indexOf(largest.charAt(42)) + 1);
    expect(readGatewayReference(`${largest.slice(0, 42)}${next}0000000`)).toBeNull();
  });

  it.each([
    ["an upper-case object id", "F".repeat(64), "0000000"],
    ["a short object id", "f".repeat(63), "0000000"],
    ["a short attempt", LARGEST, "000000"],
    ["an attempt with other characters", LARGEST, "000-000"],
  ])("is not made of %s", (_, objectId, attempt) => {
    expect(() => gatewayReferenceOf({ objectId, attempt })).toThrow(RangeError);
  });

  it("takes its attempt from chance, never from less than it needs", () => {
    expect(attemptOf(Uint8Array.of(0, 61, 62, 9, 10, 36, 255))).toBe("0z09Aa7");
    expect(() => attemptOf(new Uint8Array(6))).toThrow(RangeError);
  });
});
