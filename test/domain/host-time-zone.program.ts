import type { Account } from "../../src/domain/account.ts";
import { addMonths, anchorDayOf, minutesBetween, position, unusedPart } from "../../src/domain/calendar.ts";
import { documentCode } from "../../src/domain/invoice.ts";
import { instantOf, localTime } from "../../src/domain/local-time.ts";
import { priceConfiguration } from "../../src/domain/pricing.ts";
import { exactText, ratio, times } from "../../src/domain/ratio.ts";
import { firstTermTime } from "../../src/domain/resource.ts";
import { accountOf, sku } from "./samples.ts";

// Run as a program in a host time zone (TZ): prints that zone and many results.

const ZONES = ["Asia/Ho_Chi_Minh", "UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"];
const STEP_MS = 13 * 24 * 3_600_000 + 7 * 3_600_000 + 59_000;
const COUNT = 60;

function resultsAt(atMs: number, account: Account) {
  const { timeZone } = account;
  const anchorDay = anchorDayOf(atMs, timeZone);
  const span = firstTermTime({ months: 3 }, atMs, timeZone);
  const unused = unusedPart(span, atMs + STEP_MS, timeZone);
  const configuration = [{ sku: sku("item", "181000"), quantity: 3 }];
  return [
    localTime(atMs, timeZone),
    instantOf(localTime(atMs, timeZone), timeZone),
    position(atMs, timeZone),
    addMonths(atMs, 1, anchorDay, timeZone),
    minutesBetween(atMs, span.endMs, timeZone),
    exactText(unused),
    priceConfiguration(configuration, times(ratio(129_600), unused), "VND"),
    documentCode(account, 7, atMs),
  ];
}

const results = ZONES.flatMap((timeZone) =>
  Array.from({ length: COUNT }, (_, index) =>
    resultsAt(Date.UTC(2023, 0, 31, 23, 30) + index * STEP_MS, accountOf({ timeZone })),
  ),
);
const hostZone = new Date(2024, 0, 1).toString();
console.log(JSON.stringify({ hostZone, results }));
