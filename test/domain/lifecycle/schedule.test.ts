import { describe, expect, test } from "vitest";
import type { ResourceTypeId } from "../../../src/domain/ids.ts";
import { milestonesAhead } from "../../../src/domain/lifecycle/schedule.ts";
import { deleteResource, RESOURCE, setAutoRenew } from "../commands.ts";
import { Life, livingServer } from "../life.ts";
import { accountOf, instant, SAIGON, vserver } from "../samples.ts";

const MONTH = { at: "2023-03-06T10:07" };
const END = "2023-04-06T10:07";

/** What lies ahead, as local time and what it is. */
const ahead = (life: Life, id = RESOURCE as string, timeZone = SAIGON) =>
  milestonesAhead(life.resource(id), { timeZone, billingMode: "prepaid" }).map((milestone) => {
    const local = new Date(milestone.atMs + 7 * 3_600_000).toISOString().slice(5, 16);
    if (milestone.kind === "change") return `${local} ${milestone.to}`;
    return milestone.kind === "reminder" ? `${local} T${milestone.days}` : `${local} renewal`;
  });

const ofPolicy = (lifecycle: { graceDays: number; suspensionDays: number; trashDays: number }) => {
  const life = new Life(MONTH);
  life.product = {
    ...vserver,
    resourceTypes: vserver.resourceTypes.map((type) =>
      type.id === ("server" as ResourceTypeId) ? { ...type, lifecycle } : type,
    ),
  };
  life.order("create", { configuration: { general: 1 } });
  return life;
};
const changesOf = (life: Life) => ahead(life).filter((text) => /restricted|suspended|deleted/.test(text));

describe("the milestones of a resource", () => {
  test("under the grace policy are reminders around its end, then restriction, suspension and deletion", () => {
    expect(ahead(livingServer({}, MONTH))).toEqual([
      ...["03-30T10:07 T-7", "04-01T10:07 T-5", "04-03T10:07 T-3", "04-05T10:07 T-1"],
      ...["04-06T10:07 restricted", "04-06T10:07 T0", "04-07T10:07 T1", "04-09T10:07 T3", "04-13T10:07 T7"],
      ...["04-20T10:07 T14", "04-21T10:07 suspended", "05-06T10:07 deleted"],
    ]);
  });

  test("with auto-renewal are attempts at eight in the morning, before what else happens at an instant", () => {
    const life = livingServer({ autoRenew: { enabled: true, months: 1 } }, { at: "2023-03-06T08:00" });
    expect(ahead(life).slice(0, 9)).toEqual([
      ...["03-30T08:00 renewal", "03-30T08:00 T-7", "04-01T08:00 T-5", "04-02T08:00 renewal"],
      ...["04-03T08:00 T-3", "04-05T08:00 renewal", "04-05T08:00 T-1", "04-06T07:00 renewal"],
      "04-06T08:00 restricted",
    ]);
  });

  test.each([
    ["2023-03-06T00:30", "04-05T23:30 renewal"],
    ["2023-03-06T08:59", "04-06T07:59 renewal"],
    ["2023-03-06T09:00", "04-06T08:00 renewal"],
    ["2023-03-06T23:59", "04-06T08:00 renewal"],
  ])(
    "of one that began at %s end with an attempt at %s, an hour before the end at the latest",
    (at, last) => {
      const life = livingServer({ autoRenew: { enabled: true, months: 1 } }, { at });
      expect(
        ahead(life)
          .filter((text) => text.endsWith("renewal"))
          .at(-1),
      ).toBe(last);
    },
  );

  test("under the trash policy are the trash at the end, and deletion from there", () => {
    const life = ofPolicy({ graceDays: 0, suspensionDays: 0, trashDays: 3 });
    expect(changesOf(life)).toEqual(["04-06T10:07 suspended"]);
    life.passTo(END);
    expect(life.resource()).toMatchObject({ state: "suspended", deletesAtMs: instant("2023-04-09T10:07") });
    expect(ahead(life)).toEqual([
      "04-07T10:07 T1",
      "04-09T10:07 deleted",
      "04-09T10:07 T3",
      "04-13T10:07 T7",
      "04-20T10:07 T14",
    ]);
  });

  test("without grace, suspension and trash are deletion at the end", () => {
    expect(changesOf(ofPolicy({ graceDays: 0, suspensionDays: 0, trashDays: 0 }))).toEqual([
      "04-06T10:07 deleted",
    ]);
  });

  test("without one of grace and suspension leave it out", () => {
    expect(changesOf(ofPolicy({ graceDays: 0, suspensionDays: 5, trashDays: 3 }))).toEqual([
      "04-06T10:07 suspended",
      "04-11T10:07 deleted",
    ]);
    expect(changesOf(ofPolicy({ graceDays: 5, suspensionDays: 0, trashDays: 3 }))).toEqual([
      "04-06T10:07 restricted",
      "04-11T10:07 deleted",
    ]);
  });

  test("give no more grace than the last term was long, and delete no earlier for that", () => {
    const life = livingServer({}, MONTH);
    life.order("match_end_time", { period: { endAtMs: instant("2023-04-08T12:00") } });
    expect(changesOf(life)).toEqual([
      "04-08T12:00 restricted",
      "04-10T13:53 suspended",
      "05-08T12:00 deleted",
    ]);
  });

  test("give the same grace after a resize on the last day: the term really was longer", () => {
    const life = livingServer({}, MONTH);
    life.passTo("2023-04-06T09:00").order("resize", { configuration: { small: 1 } });
    expect(changesOf(life)).toEqual([
      "04-06T10:07 restricted",
      "04-21T10:07 suspended",
      "05-06T10:07 deleted",
    ]);
  });

  test("keep the end's local time of day where clocks change", () => {
    const account = accountOf({ timeZone: "Europe/Berlin" });
    const life = livingServer({}, { at: "2023-03-01T10:00+01:00", account });
    // On 26 March clocks go forward; a day is an hour shorter.
    const times = milestonesAhead(life.resource(), account)
      .slice(0, 2)
      .map(({ atMs }) => new Date(atMs).toISOString());
    expect(times).toEqual(["2023-03-25T09:00:00.000Z", "2023-03-27T08:00:00.000Z"]);
  });

  test("are none while an action is in progress, and come when it is over", () => {
    const life = livingServer({}, MONTH);
    const before = ahead(life);
    const order = life.order("resize", { configuration: { small: 1 }, outcome: "silence" });
    expect(ahead(life)).toEqual([]);
    if (order.ok) life.answer(order.value, "failed");
    expect(ahead(life)).toEqual(before);
  });

  test("before the end was set never happen", () => {
    const life = livingServer({}, MONTH).passTo("2023-04-04T12:00");
    life.order("match_end_time", { period: { endAtMs: instant("2023-04-08T12:00") } });
    expect(ahead(life).slice(0, 3)).toEqual(["04-05T12:00 T-3", "04-07T12:00 T-1", "04-08T12:00 restricted"]);
  });

  test("of renewal before it was turned on never happen", () => {
    const life = livingServer({}, MONTH).passTo("2023-04-02T09:00");
    life.must(setAutoRenew());
    expect(ahead(life).filter((text) => text.endsWith("renewal"))).toEqual([
      "04-05T08:00 renewal",
      "04-06T08:00 renewal",
    ]);
  });

  test("end with the customer's own deletion: only the trash is left to run out", () => {
    const life = ofPolicy({ graceDays: 15, suspensionDays: 15, trashDays: 7 });
    life.passTo("2023-03-20T12:00:30").must(deleteResource());
    expect(ahead(life)).toEqual(["03-27T12:00 deleted"]);
  });
});
