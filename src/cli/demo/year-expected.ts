/** Saigon's wall clock, which the story is told by. */
export const saigon = (local: string): string => new Date(`${local}:00+07:00`).toISOString();

export const START = "2023-01-10T09:30";

const time = {
  /** Four months by auto-renewal, each a week before its end at eight in the morning. */
  spring: [
    "2023-02-03 08:00 renewed",
    "2023-03-03 08:00 renewed",
    "2023-04-03 08:00 renewed",
    "2023-05-03 08:00 renewed",
  ],
  /** Bigger now, and the credit no longer does. */
  june: [
    "2023-06-03 08:00 renewal_failed",
    "2023-06-03 09:30 reminded",
    "2023-06-05 09:30 reminded",
    "2023-06-06 08:00 renewal_failed",
    "2023-06-07 09:30 reminded",
    "2023-06-09 08:00 renewal_failed",
    "2023-06-09 09:30 reminded",
    "2023-06-10 08:00 renewal_failed",
    "2023-06-10 09:30 restricted",
    "2023-06-11 09:30 reminded",
    "2023-06-13 09:30 reminded",
    "2023-06-17 09:30 reminded",
    "2023-06-24 09:30 reminded",
    "2023-06-25 09:30 suspended",
  ],
  summer: ["2023-07-03 09:30 reminded", "2023-07-05 09:30 reminded"],
} as const;

/** What everything must come to, worked out by hand from the price list: tax included, in dong. */
export const YEAR = {
  time,
  credit: 1_000_000,
  first: { gross: 181_000, discount: 18_100, total: 162_900, balance: 837_100 }, // SAVE10
  renewal: 181_000,
  spring: { end: saigon("2023-06-10T09:30"), balance: 113_100 }, // 837,100 − 4 × 181,000
  /** 20 days left: 520,000 × 20/30 = 346,667 instead of 181,000 × 20/30 = 120,667. */
  resize: { topUp: 300_000, toPay: 226_000, newTerm: 346_667, credited: 120_667, balance: 187_100 },
  failure: { missing: 332_900 }, // 520,000 − 187,100
  comeback: { topUp: 600_000, toPay: 520_000, end: saigon("2023-07-10T09:30"), balance: 267_100 },
  /** 5 days left: 520,000 × 5/30. */
  goodbye: { refund: 86_667, balance: 353_767 },
  books: {
    paid: 1_632_900, // 162,900 + 4 × 181,000 + 226,000 + 520,000
    refunded: 86_667,
    invoiced: 1_753_567, // 162,900 + 4 × 181,000 + 346,667 + 520,000
    creditNotes: 207_334, // 120,667 + 86,667
    granted: 1_900_000,
  },
} as const;
