import { type Schema as JsonSchema, Validator } from "@cfworker/json-schema";

/** A JSON schema as /openapi.json writes it. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

export interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export const typesOf = ({ type }: Schema): readonly string[] =>
  type === undefined ? [] : typeof type === "string" ? [type] : type;

/** The schemas of a document: what they mean, and what fits them. */
export class Schemas {
  readonly #components: Readonly<Record<string, Schema>>;
  readonly #validators = new Map<Schema, Validator>();

  constructor({ components }: Document) {
    this.#components = components.schemas;
  }

  /** What a reference stands for; any other schema is itself. */
  resolve(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const found = this.#components[schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)];
    if (!found) throw new Error(`there is no ${schema.$ref}`);
    return this.resolve(found);
  }

  /** Where a value breaks its schema, formats aside, or tells something that the schema doesn't know: one line each. */
  flaws(schema: Schema, value: unknown): string[] {
    const known = this.#validators.get(schema);
    const validator = known ?? new Validator(this.#withoutFormats(schema) as JsonSchema, "2020-12", false);
    this.#validators.set(schema, validator);
    const errors = validator
      .validate(value)
      .errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
    return [...errors, ...this.#undeclared(schema, value, "#")];
  }

  /** Members that no part of the schema declares; a schema that isn't closed would let them pass. */
  #undeclared(schema: Schema, value: unknown, at: string): string[] {
    if (typeof value !== "object" || value === null) return [];
    const parts = this.#parts(schema);
    if (Array.isArray(value)) {
      const items = parts.find((part) => part.items)?.items;
      return items ? value.flatMap((item, index) => this.#undeclared(items, item, `${at}/${index}`)) : [];
    }
    if (parts.some(({ additionalProperties }) => typeof additionalProperties === "object")) return [];
    return Object.entries(value).flatMap(([name, member]) => {
      const declared = parts.flatMap((part) => part.properties?.[name] ?? []);
      const [first] = declared;
      return first ? this.#undeclared(first, member, `${at}/${name}`) : [`${at}/${name}: isn't declared`];
    });
  }

  /** All schemas that a value of this one may have to do with. */
  #parts(schema: Schema): Schema[] {
    const own = this.resolve(schema);
    const inner = [...(own.allOf ?? []), ...(own.anyOf ?? []), ...(own.oneOf ?? [])];
    return [own, ...inner.flatMap((part) => this.#parts(part))];
  }

  /** The schema with its references put in. What a format means is a matter of opinion: the API may be stricter. */
  #withoutFormats(schema: Schema): Schema {
    const { format: _, ...own } = this.resolve(schema);
    const each = (list: readonly Schema[]) => list.map((part) => this.#withoutFormats(part));
    return {
      ...own,
      ...(own.allOf ? { allOf: each(own.allOf) } : {}),
      ...(own.anyOf ? { anyOf: each(own.anyOf) } : {}),
      ...(own.oneOf ? { oneOf: each(own.oneOf) } : {}),
      ...(own.items ? { items: this.#withoutFormats(own.items) } : {}),
      ...(own.properties
        ? {
            properties: Object.fromEntries(
              Object.entries(own.properties).map(([name, member]) => [name, this.#withoutFormats(member)]),
            ),
          }
        : {}),
      ...(typeof own.additionalProperties === "object"
        ? { additionalProperties: this.#withoutFormats(own.additionalProperties) }
        : {}),
    };
  }
}
