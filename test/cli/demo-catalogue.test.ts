import { describe, expect, it } from "vitest";
import { demoCatalogue } from "../../src/cli/demo-catalogue.ts";

const timeUnits = ["30 days", "GB-30-days", "GB-day", "hour", "GB-hour"];
const unitsOf = {
  configuration: timeUnits,
  gauge_hours: timeUnits,
  counter: ["GB"],
  peak_connections: ["connection"],
  peak_traffic: ["GB"],
};
const idPattern = /^[A-Za-z0-9._-]{1,64}$/;
const decimalPattern = /^\d+(\.\d+)?$/;

const products = Object.entries(demoCatalogue);
const types = products.flatMap(([, product]) => product.resourceTypes);
const skus = types.flatMap((type) => type.skus);

describe("the demo catalogue", () => {
  it("has ids that the API accepts, unique within their product", () => {
    for (const [id, product] of products) {
      const ids = product.resourceTypes.flatMap((type) => type.skus.map((sku) => `${type.id}/${sku.id}`));
      expect(new Set(ids).size, id).toBe(ids.length);
    }
    for (const id of [...products.map(([id]) => id), ...types.map((t) => t.id), ...skus.map((s) => s.id)]) {
      expect(id).toMatch(idPattern);
    }
  });

  it("measures every SKU in a unit that its metering counts", () => {
    for (const sku of skus) expect(unitsOf[sku.metering ?? "configuration"], sku.id).toContain(sku.unit);
  });

  it("writes every rate and quantity as a decimal string", () => {
    for (const { unitPrice, taxRate, discount, freeAllowance = "0", minimum = "0" } of skus) {
      for (const value of [unitPrice, taxRate, discount, freeAllowance, minimum]) {
        expect(value).toMatch(decimalPattern);
      }
    }
  });

  it("sells metered use only by hold or after use", () => {
    for (const type of types.filter((t) => t.skus.some((sku) => sku.metering !== undefined))) {
      expect(type.billing, type.id).toEqual(["hold", "postpaid"]);
    }
  });
});
