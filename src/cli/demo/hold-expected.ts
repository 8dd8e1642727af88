const tax = { taxRate: "10", taxIncluded: true, discount: "0" };

/** What is sold here: of each kind of metering one. A node costs 600 an hour (432,000 for 720), a gigabyte kept 7.7, a gigabyte sent 1,000. */
export const PLATFORM = {
  id: "platform",
  name: "Application platform",
  billing: ["hold"],
  refundable: false,
  autoRenewable: false,
  autoRenewOffBy: "customer",
  minimumMonths: 1,
  lifecycle: { graceDays: 15, suspensionDays: 15, trashDays: 0 },
  holdRunAt: "00:00",
  skus: [
    { id: "node", name: "Node", unit: "30 days", unitPrice: "432000", ...tax },
    { id: "kept", name: "Storage", metering: "gauge_hours", unit: "GB-hour", unitPrice: "7.7", ...tax },
    { id: "sent", name: "Traffic per IP", metering: "counter", unit: "GB", unitPrice: "1000", ...tax },
  ],
};

/** What time does to the account, and when, by Saigon's clocks. */
const time = {
  first: ["2023-03-21 00:00 held"],
  short: [
    "2023-03-22 00:00 held",
    "2023-03-23 00:00 held",
    "2023-03-24 00:00 held",
    "2023-03-25 00:00 held",
    "2023-03-26 00:00 held",
  ],
  /** Suspended, it isn't looked at. */
  suspended: [],
  march: [
    "2023-03-29 00:00 held",
    "2023-03-30 00:00 held",
    "2023-03-31 00:00 held",
    "2023-04-01 00:00 held",
    "2023-04-01 02:00 closed",
  ],
  second: ["2023-04-02 00:00 held"],
  third: ["2023-04-03 00:00 held"],
  april: ["2023-05-01 02:00 closed"],
} as const;

/**
 * Three days, of 72 hours, that are held for beside what was used. Ordered is one node with 55 GB; from 21 March on there are two,
 * with 100 GB. Traffic is never estimated.
 */
const ESTIMATE = {
  small: 72 * 600 + 30_492, // 72 × 55 × 7.7 = 30,492
  big: 72 * 2 * 600 + 72 * 770, // 100 × 7.7 = 770
};

/** What an hour, and a day, of two nodes with 100 GB cost. */
const HOUR = 2 * 600 + 770;
const DAY = 24 * HOUR;

/** Of 2.6 and 0.5 GB through one address 3 are whole, of 1.9 through the other 1; with 0.4 told late these are 2.3, so 2. */
const TRAFFIC = { first: 4 * 1_000, withLate: 5 * 1_000 };

/** The first 27 hours: a node, 25 hours of 55 GB (10,587.5), and from ten o'clock two of 100 GB. With half a dong, so rounded up. */
const SMALL = 27 * 600 + 10_588 + 2 * 770;
/** From noon of 21 March to the end of 25 March. */
const BIG = (12 + 4 * 24) * HOUR;
/** From ten o'clock of 28 March to the month's end. What it was suspended costs nothing. */
const RESUMED = (14 + 3 * 24) * HOUR;
const MARCH = SMALL + BIG + RESUMED + TRAFFIC.withLate;

/** What was used by the runs of 24, 25 and 26 March: the half day after the resize, and two, three and four whole ones. */
const USED = {
  24: SMALL + TRAFFIC.withLate + 12 * HOUR + 2 * DAY,
  25: SMALL + TRAFFIC.withLate + 12 * HOUR + 3 * DAY,
  26: SMALL + TRAFFIC.withLate + 12 * HOUR + 4 * DAY,
};

const CREDIT = { first: 290_000, tooLittle: 90_000, enough: 300_000, all: 680_000 };

/** A credit of 290,000 that is all held: what each of the three runs wants, and what it misses. */
const shortages = [USED[24], USED[25], USED[26]].map((use) => ({
  use,
  total: use + ESTIMATE.big,
  missing: use + ESTIMATE.big - CREDIT.first,
}));

const resizedHold = SMALL + TRAFFIC.withLate + ESTIMATE.big;
/** A node, 15 hours of 55 GB (6,352.5) and the traffic: half a dong again. */
const FIRST_DAY = 15 * 600 + 6_353 + TRAFFIC.first;
const firstHold = FIRST_DAY + ESTIMATE.small;
/** 72 hours of six nodes, and everything else as with two: more than all credit, whether it is held by now or not. */
const sixNodes = SMALL + TRAFFIC.withLate + 72 * 6 * 600 + 72 * 770;

/** 0.9 GB more of March through the first address makes its 3.1 GB 4.0: one whole gigabyte. */
const LATE = 1_000;
/** From April's first minute to noon of the third. */
const APRIL = (2 * 24 + 12) * HOUR;

/** What everything must come to, worked out by hand from the price list above: tax included, in dong. */
export const HOLD = {
  time,
  start: "2023-03-20T09:00",
  credit: CREDIT,
  ordered: ESTIMATE.small,
  firstRun: { use: FIRST_DAY, estimate: ESTIMATE.small, held: firstHold },
  resize: { missing: sixNodes - CREDIT.first, more: resizedHold - firstHold, held: resizedHold },
  shortages,
  resumed: USED[26] + ESTIMATE.big,
  march: { lines: [SMALL, BIG, RESUMED, TRAFFIC.withLate], total: MARCH },
  estimate: ESTIMATE.big,
  late: { difference: LATE, use: 2 * DAY + LATE, held: 2 * DAY + LATE + ESTIMATE.big },
  april: { own: APRIL, total: APRIL + LATE },
  books: { billed: MARCH + APRIL + LATE, balance: CREDIT.all - (MARCH + APRIL + LATE) },
} as const;
