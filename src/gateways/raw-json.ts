/**
 * A JSON object's plain members as they are spelled: "1e5" and "100000.0" stay different from "100000". Those of an
 * object within stand under both names, `outer.inner`.
 */
export type RawFields = ReadonlyMap<string, string>;

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * Reads a signed JSON object. Signatures are over the text of values, so numbers keep theirs; strings lose their
 * escapes. Lists, nulls and what lies deeper are left out. Null when it isn't a JSON object.
 */
export function readRawJson(text: string): RawFields | null {
  const read = readObject(text);
  return read && fieldsOf(read);
}

/** The objects of a list within one, read alike; none where there is no such list. */
export function readRawList(text: string, name: string): RawFields[] {
  const list: unknown = readObject(text)?.[name];
  return Array.isArray(list) ? list.filter(isObject).map(fieldsOf) : [];
}

function readObject(text: string): Members | null {
  try {
    const read = parse(text, (_, value, { source }) => (typeof value === "number" ? source : value));
    return isObject(read) ? read : null;
  } catch {
    return null;
  }
}

function fieldsOf(read: Members): RawFields {
  const members = Object.entries(read).flatMap(([name, value]) =>
    isObject(value)
      ? Object.entries(value).map(([inner, of]) => [`${name}.${inner}`, of] as const)
      : [[name, value] as const],
  );
  return new Map(members.filter(([, value]) => isPlain(value)).map(([name, value]) => [name, String(value)]));
}

type Members = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): boolean => typeof value === "string" || typeof value === "boolean";

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);
