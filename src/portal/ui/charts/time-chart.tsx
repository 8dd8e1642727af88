import { scaleBand, scaleLinear } from "d3-scale";
import { line, stack, stackOffsetDiverging } from "d3-shape";
import type { PropsWithChildren } from "hono/jsx";
import {
  type AmountWords,
  type ChartPeriod,
  fillOf,
  Legend,
  Patterns,
  type Series,
  SIZES,
  type Size,
} from "./series.tsx";

/** What becomes of amounts over time: one bar a period, the same with its parts, or a line a thing. */
export const CHART_KINDS = ["bar", "stacked", "line"] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

export interface TimeChartProps {
  /** A name that no other chart of the page has. */
  readonly id: string;
  readonly kind: ChartKind;
  readonly periods: readonly ChartPeriod[];
  readonly series: readonly Series[];
  readonly words: AmountWords;
}

/**
 * A drawing of amounts over time, for eyes and pointers alone: the table beside it says the same to everybody. Drawn on
 * the server, so it needs no script and can be printed. (README: Decisions.)
 */
export const TimeChart = (props: TimeChartProps) => (
  <div class="chart">
    {props.kind === "bar" ? null : <Legend id={props.id} series={props.series} />}
    {SIZES.map((size) => (
      <Drawing {...props} size={size} />
    ))}
  </div>
);

const MARGIN = { top: 12, right: 8, bottom: 24, left: 46 };
/** The room that a period's name takes along the axis. */
const TICK_WIDTH = 52;
const GRID_LINES = 4;

function Drawing({ id, kind, periods, series, words, size }: TimeChartProps & { readonly size: Size }) {
  const of = `${id}-${size.name}`;
  const totals = periods.map((_, at) => series.reduce((sum, { amounts }) => sum + (amounts[at] ?? 0), 0));
  const layers = layersOf(series, periods.length);
  const reached =
    kind === "line"
      ? series.flatMap(({ amounts }) => amounts)
      : kind === "bar"
        ? totals
        : layers.flatMap(({ ends }) => ends.flat());
  const x = scaleBand<number>(periods.keys(), [MARGIN.left, size.width - MARGIN.right])
    .paddingInner(0.25)
    .paddingOuter(0.1);
  const y = scaleLinear(
    [Math.min(0, ...reached), Math.max(1, ...reached)],
    [size.height - MARGIN.bottom, MARGIN.top],
  ).nice(GRID_LINES);
  const left = (at: number) => x(at) ?? 0;
  const step = Math.ceil(TICK_WIDTH / Math.max(x.step(), 1));
  const height = (from: number, to: number) => ({
    y: Math.min(y(from), y(to)),
    height: Math.abs(y(from) - y(to)),
  });
  return (
    <svg class={size.name} viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      <Patterns of={of} />
      {y.ticks(GRID_LINES).map((tick) => (
        <g>
          <line
            class={tick === 0 ? "axis" : "gridline"}
            x1={MARGIN.left}
            x2={size.width - MARGIN.right}
            y1={y(tick)}
            y2={y(tick)}
          />
          <text x={MARGIN.left - 6} y={y(tick)} dy="0.32em" text-anchor="end">
            {words.roughly(tick)}
          </text>
        </g>
      ))}
      {periods.map(({ tick }, at) =>
        at % step === 0 ? (
          <text x={left(at) + x.bandwidth() / 2} y={size.height - 6} text-anchor="middle">
            {tick}
          </text>
        ) : null,
      )}
      {kind === "line"
        ? series.map(({ look, amounts }) => (
            <path
              class={`stroke look-${look}`}
              d={
                line<number>(
                  (_, at) => left(at) + x.bandwidth() / 2,
                  (amount) => y(amount),
                )([...amounts]) ?? ""
              }
            />
          ))
        : null}
      {periods.map((period, at) => (
        <PeriodLink period={period}>
          <rect
            class="touch"
            x={left(at)}
            y={MARGIN.top}
            width={x.bandwidth()}
            height={size.height - MARGIN.top - MARGIN.bottom}
          >
            <title>{`${period.name}: ${words.exactly(totals[at] ?? 0)}`}</title>
          </rect>
          {kind === "bar" ? (
            <rect x={left(at)} width={x.bandwidth()} {...height(0, totals[at] ?? 0)} fill={fillOf(of, 1)}>
              <title>{`${period.name}: ${words.exactly(totals[at] ?? 0)}`}</title>
            </rect>
          ) : null}
          {kind === "stacked"
            ? layers.map(({ name, look, amounts, ends }) => (
                <rect
                  x={left(at)}
                  width={x.bandwidth()}
                  {...height(ends[at]?.[0] ?? 0, ends[at]?.[1] ?? 0)}
                  fill={fillOf(of, look)}
                >
                  <title>{`${period.name}, ${name}: ${words.exactly(amounts[at] ?? 0)}`}</title>
                </rect>
              ))
            : null}
          {kind === "line"
            ? series.map(({ name, look, amounts }) => (
                <Point look={look} x={left(at) + x.bandwidth() / 2} y={y(amounts[at] ?? 0)}>
                  {`${period.name}, ${name}: ${words.exactly(amounts[at] ?? 0)}`}
                </Point>
              ))
            : null}
        </PeriodLink>
      ))}
    </svg>
  );
}

/** Each thing's ends in each period, one on top of another; what is below zero hangs from the axis. */
function layersOf(series: readonly Series[], periods: number) {
  const stacked = stack<unknown, number, number>()
    .keys(series.keys())
    .value((at, which) => series[which]?.amounts[at as number] ?? 0)
    .offset(stackOffsetDiverging)(Array.from({ length: periods }, (_, at) => at));
  return series.map((one, which) => ({
    ...one,
    ends: (stacked[which] ?? []).map(([from, to]) => [from, to] as const),
  }));
}

/** Pointers may follow it; everybody else has the same link in the table. */
const PeriodLink = ({ period: { href }, children }: PropsWithChildren<{ readonly period: ChartPeriod }>) =>
  href === undefined ? (
    <g>{children}</g>
  ) : (
    <a href={href} tabindex={-1}>
      {children}
    </a>
  );

/** A point of a line, in its thing's own shape. */
const Point = ({
  look,
  x,
  y,
  children,
}: PropsWithChildren<{ readonly look: Series["look"]; readonly x: number; readonly y: number }>) => (
  <path class={`point look-${look}`} d={POINTS[look]} transform={`translate(${x} ${y})`}>
    <title>{children}</title>
  </path>
);

const POINTS: Readonly<Record<Series["look"], string>> = {
  1: "M-3,0 a3,3 0 1,0 6,0 a3,3 0 1,0 -6,0",
  2: "M-3,-3 H3 V3 H-3 Z",
  3: "M0,-4 L4,3 H-4 Z",
  4: "M0,-4 L4,0 L0,4 L-4,0 Z",
  5: "M0,4 L4,-3 H-4 Z",
  6: "M-3,-1 H-1 V-3 H1 V-1 H3 V1 H1 V3 H-1 V1 H-3 Z",
  7: "M-1,-4 H1 V4 H-1 Z",
};
