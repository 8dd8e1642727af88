/** The demo plays the console, so it has a product of its own: one that no other console answers for. */
export const PRODUCT = "vserver-of-the-demo";
export const COUPON = "SAVE10";
export const RETURN_URL = "http://localhost:3000/servers";

/** What everything must come to, worked out by hand from the price list: tax included, in dong. */
export const EXPECTED = {
  credit: 3_000_000,
  prices: { "s-general-2x4": 520_000, "root-disk-20": 35_000, "ssd-3000": 1_750 },
  /** SAVE10 takes 10 % of 1,460,000 = 146,000, capped at 100,000, shared 1,110,000 : 350,000. */
  first: {
    web: { gross: 1_110_000, discount: 76_027, net: 1_033_973, tax: 100_909 }, // 2 × (520,000 + 35,000)
    data: { gross: 350_000, discount: 23_973, net: 326_027, tax: 31_818 }, // 2 × 100 GB × 1,750
    subtotal: 1_460_000,
    discount: 100_000,
    total: 1_360_000,
    balanceAfter: 1_640_000,
  },
  second: {
    build: { gross: 125_000, discount: 0, net: 125_000, tax: 11_364 }, // 90,000 + 35,000
    scratch: { gross: 87_500, discount: 0, net: 87_500, tax: 7_955 }, // 50 GB × 1,750
    total: 212_500,
    balanceAfterPay: 1_427_500,
    balanceAfterRefund: 1_515_000,
  },
  tooMuch: { total: 6_240_000, missing: 4_725_000 }, // 12 × 520,000
} as const;

export const FIRST_ORDER = [
  {
    resourceType: "server",
    name: "web",
    configuration: [
      { sku: "s-general-2x4", quantity: 1 },
      { sku: "root-disk-20", quantity: 1 },
    ],
    period: { months: 2 },
  },
  {
    resourceType: "volume",
    name: "data",
    configuration: [{ sku: "ssd-3000", quantity: 100 }],
    period: { months: 2 },
  },
];

export const SECOND_ORDER = [
  {
    resourceType: "server",
    name: "build",
    configuration: [
      { sku: "dev.v1.small1x1", quantity: 1 },
      { sku: "root-disk-20", quantity: 1 },
    ],
    period: { months: 1 },
  },
  {
    resourceType: "volume",
    name: "scratch",
    configuration: [{ sku: "ssd-3000", quantity: 50 }],
    period: { months: 1 },
  },
];

export const TOO_MUCH = [
  {
    resourceType: "server",
    name: "big",
    configuration: [{ sku: "s-general-2x4", quantity: 1 }],
    period: { months: 12 },
  },
];
