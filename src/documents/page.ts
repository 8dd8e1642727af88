/** A4 and what stays free around it. Everything is in points, from the upper left corner. */
export const PAGE = { width: 595.28, height: 841.89, margin: 48 } as const;

export const LEFT = PAGE.margin;
export const WIDTH = PAGE.width - 2 * PAGE.margin;
