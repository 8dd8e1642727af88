import { costTexts } from "../../texts/costs.ts";
import { formatMonth } from "../../texts/locale.ts";
import { monthsOffered, QUICK_TIMES, type QuickTime, type TimeAsked } from "../time-box.ts";
import { Choice } from "./controls.tsx";
import type { Reader } from "./parts.tsx";

/** Times that are asked for by name, one press each; what else is asked for stays. */
export const QuickTimes = ({
  asked,
  otherwise,
  href,
  reader: { locale },
}: {
  readonly asked: TimeAsked;
  readonly otherwise: QuickTime | null;
  /** The same page at another time. */
  readonly href: (time: QuickTime) => string;
  readonly reader: Reader;
}) => {
  const texts = costTexts[locale];
  const isNamed = [asked.from, asked.to, asked.month].every((other) => other === undefined);
  const chosen = isNamed ? (asked.time ?? otherwise) : null;
  return (
    <nav class="chips unprinted" aria-label={texts.time}>
      {QUICK_TIMES.map((time) => (
        <a href={href(time)} aria-current={time === chosen ? "true" : undefined}>
          {texts.times[time]}
        </a>
      ))}
    </nav>
  );
};

/** One of the last months. */
export const MonthChoice = ({
  asked,
  nowMs,
  reader: { locale, timeZone },
}: {
  readonly asked: TimeAsked;
  readonly nowMs: number;
  readonly reader: Reader;
}) => (
  <Choice
    id="month"
    label={costTexts[locale].month}
    all={costTexts[locale].otherTime}
    chosen={asked.month}
    options={monthsOffered(nowMs, timeZone).map(({ value, startMs }) => [
      value,
      formatMonth(startMs, timeZone, locale),
    ])}
  />
);
