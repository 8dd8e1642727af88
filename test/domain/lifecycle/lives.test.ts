import fc from "fast-check";
import { expect, test } from "vitest";
import type { CouponCode, ResourceId } from "../../../src/domain/ids.ts";
import { violations } from "../../../src/domain/invariants.ts";
import { deleteResource, grantCredit, RESOURCE, setAutoRenew } from "../commands.ts";
import { Life } from "../life.ts";
import { amountOff, percentOff, vserver } from "../samples.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;

const COUPONS = [
  amountOff(33_333),
  percentOff("100", null, { code: "ALL" as CouponCode }),
  percentOff("12.5", 40_000),
];
const CONFIGURATIONS: Record<string, readonly Record<string, number>[]> = {
  server: [{ small: 1 }, { general: 1 }, { small: 1, disk: 3, licence: 7 }, { licence: 1 }],
  package: [{ gold: 31 }, { gold: 300 }, { gold: 30 }],
  quota: [{ metrics: 1 }, { metrics: 9 }],
};
const TYPES = ["server", "package", "quota"] as const;
const RAISED = {
  ...vserver,
  version: 2,
  resourceTypes: vserver.resourceTypes.map((type) => ({
    ...type,
    skus: type.skus.map((sku) => ({ ...sku, unitPrice: String(Number(sku.unitPrice) + 1_234.5) })),
  })),
};

const picks = fc.nat(9);
const coupons = fc.option(fc.constantFrom(...COUPONS), { nil: undefined });
const outcomes = fc.constantFrom(
  "succeeded" as const,
  "succeeded" as const,
  "failed" as const,
  "silence" as const,
);

const steps = fc.oneof(
  fc.record({
    kind: fc.constant("create" as const),
    type: fc.constantFrom(...TYPES),
    pick: picks,
    coupon: coupons,
    outcome: outcomes,
    autoRenew: fc.boolean(),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("renew" as const),
      pick: picks,
      coupon: coupons,
      months: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("resize" as const), pick: picks, to: picks, outcome: outcomes }),
  },
  fc.record({
    kind: fc.constant("match" as const),
    pick: picks,
    coupon: coupons,
    days: fc.integer({ min: 1, max: 70 }),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("recover" as const),
      pick: picks,
      coupon: coupons,
      outcome: outcomes,
    }),
  },
  fc.record({ kind: fc.constant("delete" as const), pick: picks }),
  fc.record({ kind: fc.constant("auto" as const), pick: picks, enabled: fc.boolean() }),
  fc.record({ kind: fc.constant("credit" as const), amount: fc.integer({ min: -400_000, max: 400_000 }) }),
  fc.record({ kind: fc.constant("prices" as const), isRaised: fc.boolean() }),
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("time" as const),
      byMs: fc.constantFrom(
        HOUR / 2,
        7 * HOUR,
        DAY,
        3 * DAY,
        8 * DAY,
        16 * DAY,
        40 * DAY,
        100 * DAY,
        -DAY,
        -20 * DAY,
      ),
      isLate: fc.boolean(),
    }),
  },
);
type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never;

const anyResource = ({ state }: Life, pick: number): ResourceId => {
  const alive = [...state.resources.values()].filter(({ state }) => state !== "deleted");
  return alive[pick % Math.max(alive.length, 1)]?.id ?? (RESOURCE as ResourceId);
};

/** Does a step, and answers what came of it. */
function live(life: Life, step: Step): string {
  const about = (pick: number) => {
    const id = anyResource(life, pick);
    const type = life.state.resource(id)?.resourceType ?? "server";
    return { id, type, months: type === "package" ? 3 : 1, more: { resources: [id], type } };
  };
  const said = (result: ReturnType<Life["order"]>) => (result.ok ? "done" : result.error.code);
  switch (step.kind) {
    case "create": {
      const configurations = CONFIGURATIONS[step.type] ?? [];
      const configuration = configurations[step.pick % configurations.length] ?? {};
      const period = { months: step.type === "package" ? 3 : 1 };
      const autoRenew =
        step.autoRenew && step.type !== "quota" ? { autoRenew: { enabled: true, months: 1 } } : {};
      const coupon = step.coupon ? { coupon: step.coupon } : {};
      return said(
        life.order("create", {
          ...coupon,
          ...autoRenew,
          type: step.type,
          configuration,
          period,
          outcome: step.outcome,
        }),
      );
    }
    case "renew":
    case "match":
    case "recover": {
      const { more, id, months } = about(step.pick);
      const coupon = step.coupon ? { coupon: step.coupon } : {};
      if (step.kind === "renew")
        return said(life.order("renew", { ...more, ...coupon, period: { months: step.months } }));
      if (step.kind === "recover")
        return said(life.order("recover", { ...more, ...coupon, outcome: step.outcome, period: { months } }));
      const endAtMs = (life.state.resource(id)?.endAtMs ?? life.nowMs) + step.days * DAY;
      return said(life.order("match_end_time", { ...more, ...coupon, period: { endAtMs } }));
    }
    case "resize": {
      const { more, type } = about(step.pick);
      const configurations = CONFIGURATIONS[type] ?? [];
      const configuration = configurations[step.to % configurations.length] ?? {};
      return said(life.order("resize", { ...more, configuration, outcome: step.outcome }));
    }
    case "delete":
    case "auto": {
      const { id } = about(step.pick);
      const given = life.give(
        step.kind === "delete" ? deleteResource(id) : setAutoRenew(step.enabled, 1, id),
      );
      return given.ok ? "done" : given.error.code;
    }
    case "credit": {
      const given = life.give(grantCredit(step.amount));
      return given.ok ? "done" : given.error.code;
    }
    case "prices":
      life.product = step.isRaised ? RAISED : vserver;
      return "done";
    case "time":
      if (step.byMs < 0) life.nowMs += step.byMs;
      else life.passTo(life.nowMs + step.byMs, step);
      return "done";
  }
}

test("whatever is done to resources, and however time passes, the books, documents and states agree", () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(fc.array(steps, { minLength: 5, maxLength: 40 }), (sequence) => {
      const life = new Life({ credit: 700_000 });
      for (const step of sequence) {
        reached.add(`${step.kind} ${live(life, step)}`);
        expect(violations(life.state.books())).toEqual([]);
      }
      const { state, ran } = life;
      for (const [, what] of ran) reached.add(`time ${what}`);
      for (const { template } of state.notices) reached.add(template);
      expect(new Set(state.notices.map(({ key }) => key)).size).toBeLessThanOrEqual(state.notices.length);
    }),
    { numRuns: 500, seed: 20_270_101 },
  );
  expect([...reached].sort()).toEqual(expect.arrayContaining(MUST_BE_REACHED));
});

const MUST_BE_REACHED = [
  ...["create", "renew", "match", "recover", "resize", "delete", "auto"].map((kind) => `${kind} done`),
  ...["renew resource_busy", "resize resource_busy", "delete resource_busy"],
  ...["recover resource_not_in_trash", "renew insufficient_credit"],
  ...["renewed", "renewal_failed", "restricted", "suspended", "deleted", "reminded"].map(
    (what) => `time ${what}`,
  ),
  ...["resource_resized", "resource_trashed", "resource_deleted", "provisioning_failed"],
];
