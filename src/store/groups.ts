/** Items in their order, in groups of at most so many items and bytes of JSON; one that is too big alone is a group. */
export function groupsOf<I>(items: readonly I[], maxItems: number, maxBytes: number): I[][] {
  const groups: I[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = new TextEncoder().encode(JSON.stringify(item)).length;
    const group = groups.at(-1);
    const isFull = !group || group.length === maxItems || bytes + size > maxBytes;
    if (isFull) groups.push([item]);
    else group.push(item);
    bytes = isFull ? size : bytes + size;
  }
  return groups;
}
