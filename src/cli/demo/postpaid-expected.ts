/** What time does to the account, and when, by Saigon's clocks. */
const time = {
  january: ["2023-02-01 02:00 closed", "2023-02-01 02:00 told", "2023-02-01 09:00 bills_paid"],
  overdue: [
    "2023-03-01 02:00 closed",
    "2023-03-01 02:00 told",
    "2023-03-16 02:00 reminded",
    "2023-03-23 02:00 reminded",
    "2023-03-30 02:00 reminded",
  ],
  suspended: ["2023-04-01 02:00 closed", "2023-04-01 02:00 told", "2023-04-05 02:00 suspended"],
  last: ["2023-05-01 02:00 closed", "2023-05-01 02:00 told", "2023-05-01 09:00 bills_paid"],
} as const;

/** What everything must come to, worked out by hand from the price list: real minutes, tax included, in dong. */
export const POSTPAID = {
  time,
  start: "2023-01-10T09:30",
  credit: 200_000,
  /** 14,760 minutes at 181,000 and 16,350 at 520,000 for 43,200. */
  january: { small: 61_842, big: 196_806, total: 258_648, byCredit: 200_000, byTransfer: 58_648 },
  february: 485_333, // 520,000 × 28/30
  march: 537_333, // 520,000 × 31/30
  overdue: { topUp: 1_200_000, paid: 1_022_666, balance: 177_334 },
  /** 5,880 minutes before it was suspended, and as many afterwards. */
  april: { before: 70_778, after: 70_778, total: 141_556 },
  books: { granted: 1_400_000, billed: 1_422_870, balance: 35_778 },
} as const;
