/** So many things are told apart in a chart; what is cheaper is told together, as the last of them. */
export const MAX_SERIES = 6;

/** How one thing looks in charts: by colour and by pattern, so that either is enough. The last is for the others together. */
export const LOOKS = [1, 2, 3, 4, 5, 6, 7] as const;
export type Look = (typeof LOOKS)[number];

/** One thing's amounts in a chart, in minor units, one for each period. */
export interface Series {
  readonly name: string;
  readonly look: Look;
  readonly amounts: readonly number[];
}

/** A piece of time on a chart's axis. `href`: what is seen of it more closely. */
export interface ChartPeriod {
  readonly tick: string;
  readonly name: string;
  readonly href?: string | undefined;
}

/** How amounts are written: roughly along the axis, exactly where something is pointed at. */
export interface AmountWords {
  readonly roughly: (minor: number) => string;
  readonly exactly: (minor: number) => string;
}

/** Charts are drawn twice, for wide windows and for phones: text keeps its size. The style sheet shows one of them. */
export interface Size {
  readonly name: "wide" | "slim";
  readonly width: number;
  readonly height: number;
}

export const SIZES = [
  { name: "wide", width: 1_040, height: 300 },
  { name: "slim", width: 350, height: 260 },
] as const satisfies readonly Size[];

const TILE = 8;

/** What lies over each look's colour. */
const MARKS: Readonly<Record<Look, string>> = {
  1: "",
  2: "M-2,10 L10,-2 M-2,2 L2,-2 M6,10 L10,6",
  3: "M0,4 H8",
  4: "M2,2 h2 v2 h-2 z M6,6 h2 v2 h-2 z",
  5: "M4,0 V8",
  6: "M0,0 L8,8 M0,8 L8,0",
  7: "M0,1 H8 M0,5 H8 M1,0 V8 M5,0 V8",
};

const patternId = (of: string, look: Look): string => `${of}-look-${look}`;

export const fillOf = (of: string, look: Look): string => `url(#${patternId(of, look)})`;

/** The looks as one drawing uses them; `of` is a name that no other drawing of the page has. */
export const Patterns = ({
  of,
  looks = LOOKS,
}: {
  readonly of: string;
  readonly looks?: readonly Look[];
}) => (
  <defs>
    {looks.map((look) => (
      <pattern
        id={patternId(of, look)}
        width={TILE}
        height={TILE}
        patternUnits="userSpaceOnUse"
        class={`look-${look}`}
      >
        <rect width={TILE} height={TILE} class="ground" />
        <path d={MARKS[look]} class="mark" />
      </pattern>
    ))}
  </defs>
);

/** What a thing looks like in the chart, beside its name. */
export const Swatch = ({ of, look }: { readonly of: string; readonly look: Look }) => (
  <svg class="swatch" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
    <Patterns of={of} looks={[look]} />
    <rect width="16" height="16" rx="3" fill={fillOf(of, look)} />
  </svg>
);

/** What a chart's looks stand for. */
export const Legend = ({ id, series }: { readonly id: string; readonly series: readonly Series[] }) => (
  <ul class="legend">
    {series.map(({ name, look }) => (
      <li class="keyed">
        <Swatch of={`${id}-key-${look}`} look={look} /> {name}
      </li>
    ))}
  </ul>
);
