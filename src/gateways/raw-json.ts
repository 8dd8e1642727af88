/** A JSON object's plain members as they are spelled: "1e5" and "100000.0" stay different from "100000". */
export type RawFields = ReadonlyMap<string, string>;

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/**
 * Reads a signed JSON object. Signatures are over the text of values, so numbers keep theirs; strings lose their
 * escapes. Lists, objects and nulls are left out. Null when it isn't a JSON object.
 */
export function readRawJson(text: string): RawFields | null {
  try {
    const read = parse(text, (_, value, { source }) => (typeof value === "number" ? source : value));
    if (typeof read !== "object" || read === null || Array.isArray(read)) return null;
    const plain = Object.entries(read).filter(([, value]) => isPlain(value));
    return new Map(plain.map(([name, value]) => [name, String(value)]));
  } catch {
    return null;
  }
}

const isPlain = (value: unknown): boolean => typeof value === "string" || typeof value === "boolean";
