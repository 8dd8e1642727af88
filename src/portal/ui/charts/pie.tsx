import { arc, pie } from "d3-shape";
import { fillOf, type Look, Patterns } from "./series.tsx";

/** A part of a whole. `name` says what pointing at it tells. */
export interface Slice {
  readonly look: Look;
  readonly amount: number;
  readonly name: string;
  readonly label: string;
  readonly href?: string | undefined;
  readonly isChosen?: boolean;
}

const RADIUS = 100;
/** Slices that are smaller have no room for their label: the list beside the drawing has it. */
const LABEL_FROM_RADIANS = 0.35;

/** A drawing of the parts of a whole, for eyes and pointers alone: the list beside it says the same to everybody. */
export function Pie({ id, slices }: { readonly id: string; readonly slices: readonly Slice[] }) {
  const draw = arc<{ readonly startAngle: number; readonly endAngle: number }>()
    .innerRadius(RADIUS * 0.5)
    .outerRadius(RADIUS);
  const arcs = pie<Slice>()
    .value(({ amount }) => Math.max(amount, 0))
    .sort(null)([...slices]);
  return (
    <svg class="pie" viewBox="-104 -104 208 208" aria-hidden="true">
      <Patterns of={id} />
      {arcs.map(({ data: { look, name, label, href, isChosen }, ...angles }) => {
        const [x, y] = draw.centroid(angles);
        const slice = (
          <>
            <path class={isChosen ? "slice chosen" : "slice"} d={draw(angles) ?? ""} fill={fillOf(id, look)}>
              <title>{name}</title>
            </path>
            {angles.endAngle - angles.startAngle < LABEL_FROM_RADIANS ? null : (
              <text class="on-slice" x={x} y={y} dy="0.32em" text-anchor="middle">
                {label}
              </text>
            )}
          </>
        );
        return href === undefined ? (
          <g>{slice}</g>
        ) : (
          <a href={href} tabindex={-1}>
            {slice}
          </a>
        );
      })}
    </svg>
  );
}
