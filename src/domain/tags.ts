import type { Resource } from "./resource.ts";

/** Whether something has a tag: `key` with any value, `key:value` with this one. */
export function hasTag({ tags }: Pick<Resource, "tags">, tag: string): boolean {
  const [key = "", ...value] = tag.split(":");
  return value.length === 0 ? Object.hasOwn(tags, key) : tags[key] === value.join(":");
}
