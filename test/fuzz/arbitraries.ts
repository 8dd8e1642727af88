import fc, { type Arbitrary } from "fast-check";
import { type Operation, type Parameter, type Schema, type Schemas, typesOf } from "./schema.ts";

/** Stands for something that exists when the request is sent: the scene's own order, resource, product… */
export class Ref {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Text that goes into an address as it is. */
export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A request before its references are filled in. `body` is text where it is to be sent as it is. */
export interface Draft {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: readonly (readonly [name: string, value: unknown])[];
  readonly key: string | null;
  readonly contentType: string | null;
  readonly body: Mutated | null;
}

export interface Mutated {
  readonly value: unknown;
  /** What is done to the text at last. */
  readonly spoil: Spoil;
}

type Spoil = (typeof SPOILS)[number];

/** Which names stand for something that exists, and values without which a random request would never be right. */
export interface Hints {
  readonly refs: ReadonlySet<string>;
  readonly typical: Readonly<Record<string, readonly unknown[]>>;
}

const DAY_MS = 86_400_000;
const MAX_ITEMS = 3;
const MAX_TEXT = 40;

/** Values that a schema describes. */
export class Values {
  readonly #schemas: Schemas;
  readonly #hints: Hints;

  constructor(schemas: Schemas, hints: Hints) {
    this.#schemas = schemas;
    this.#hints = hints;
  }

  /** Values of a schema; those of a known name are mostly the scene's own, or typical. */
  of(schema: Schema, name: string): Arbitrary<unknown> {
    const any = this.#any(this.#schemas.resolve(schema));
    const typical = this.#hints.typical[name];
    const likely = [
      ...(this.#hints.refs.has(name) ? [fc.constant(new Ref(name))] : []),
      ...(typical ? [fc.constantFrom(...typical)] : []),
    ];
    return fc.oneof(...likely.map((arbitrary) => ({ weight: 10, arbitrary })), { weight: 1, arbitrary: any });
  }

  #any(schema: Schema): Arbitrary<unknown> {
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum) {
      // What is listed first is most usual.
      return fc.oneof(fc.constant(schema.enum[0]), fc.constantFrom(...schema.enum));
    }
    const alternatives = schema.anyOf ?? schema.oneOf;
    if (alternatives) return fc.oneof(...alternatives.map((part) => this.of(part, "")));
    if (schema.allOf) {
      const parts = schema.allOf.map((part) => this.of(part, "") as Arbitrary<object>);
      return fc.tuple(...parts).map((members) => Object.assign({}, ...members));
    }
    return fc.oneof(...typesOf(schema).map((type) => this.#ofType(type, schema)));
  }

  #ofType(type: string, schema: Schema): Arbitrary<unknown> {
    switch (type) {
      case "null":
        return fc.constant(null);
      case "boolean":
        return fc.boolean();
      case "integer":
      case "number":
        return integers(schema);
      case "string":
        return texts(schema);
      case "array":
        return this.#arrays(schema);
      case "object":
        return this.#objects(schema);
      default:
        throw new Error(`no values of type ${type}`);
    }
  }

  /** Mostly of one item, or as few as there may be: each more must be right, too. */
  #arrays({ items = {}, minItems = 0, maxItems = MAX_ITEMS }: Schema): Arbitrary<unknown> {
    const item = this.of(items, "");
    const few = Math.max(minItems, 1);
    const most = Math.min(maxItems, Math.max(minItems, MAX_ITEMS));
    return fc.oneof(
      { weight: 2, arbitrary: fc.array(item, { minLength: few, maxLength: few }) },
      { weight: 1, arbitrary: fc.array(item, { minLength: minItems, maxLength: most }) },
    );
  }

  #objects({ properties = {}, required = [], additionalProperties }: Schema): Arbitrary<unknown> {
    if (typeof additionalProperties === "object") {
      return fc.dictionary(fc.string({ maxLength: 8 }), this.of(additionalProperties, ""), {
        maxKeys: MAX_ITEMS,
      });
    }
    const members = Object.entries(properties).map(([name, schema]) => {
      const value = this.of(schema, name);
      return [name, required.includes(name) ? value : fc.option(value, { nil: undefined, freq: 6 })] as const;
    });
    return fc.record(Object.fromEntries(members), { noNullPrototype: true });
  }
}

function integers({ minimum = -1_000, maximum = Number.MAX_SAFE_INTEGER }: Schema): Arbitrary<number> {
  const few = { min: minimum, max: Math.min(maximum, minimum + 5) };
  const edges = [minimum, maximum, ...(minimum < 1 && maximum > 1 ? [0, 1] : [])];
  return fc.oneof(
    { weight: 4, arbitrary: fc.integer(few) },
    { weight: 1, arbitrary: fc.maxSafeInteger().map((n) => Math.min(maximum, Math.max(minimum, n))) },
    { weight: 1, arbitrary: fc.constantFrom(...edges) },
  );
}

function texts({
  format,
  pattern,
  minLength = 0,
  maxLength = Number.MAX_SAFE_INTEGER,
}: Schema): Arbitrary<string> {
  switch (format) {
    case "date-time":
      return fc
        .integer({ min: -40, max: 400 })
        .map((days) => new Date(Date.UTC(2027, 0, 1) + days * DAY_MS).toISOString());
    case "email":
      return fc.oneof(fc.constant("an@example.com"), fc.emailAddress());
    case "uri":
      return fc.oneof(fc.constant("https://console.example/done"), fc.webUrl());
    default:
      return written(pattern, minLength, maxLength);
  }
}

const SAMPLES = 50;

/** Texts that match a pattern: any that do or, where few do, some made up for it, which takes long. */
function written(pattern: string | undefined, minLength: number, maxLength: number): Arbitrary<string> {
  const length = { minLength, maxLength: Math.min(maxLength, Math.max(minLength, MAX_TEXT)) };
  const any = fc.string({ unit: "grapheme", ...length });
  if (pattern === undefined) return any;
  const expression = new RegExp(pattern, "u");
  const fits = (text: string): boolean =>
    text.length >= minLength && text.length <= maxLength && expression.test(text);
  const sampling = { numRuns: SAMPLES, seed: SAMPLES };
  if (fc.sample(any, sampling).filter(fits).length > SAMPLES / 2) return any.filter(fits);
  const known = madeUp.get(pattern) ?? fc.sample(fc.stringMatching(expression), sampling);
  madeUp.set(pattern, known);
  const fitting = known.filter(fits);
  return fitting.length > 0 ? fc.constantFrom(...fitting) : any;
}

const madeUp = new Map<string, readonly string[]>();

const deep = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));

/** What no field expects: not of its type, out of its bounds, or odd in itself. */
const HOSTILE: readonly unknown[] = [
  ...[null, true, false, "", " ", [], {}, [null], { a: 1 }, deep(500)],
  ...[0, -1, 1.5, -0.1, 1e21, 1e300, -1e300, 2 ** 53, -(2 ** 53), Number.MIN_VALUE],
  ...["0", "-1", "1e3", "NaN", "Infinity", "null", "undefined", "1.5", "0x10", "٣", "1,5", "+1"],
  ...[
    "x".repeat(65),
    "x".repeat(5_000),
    "👩‍👩‍👧".repeat(60),
    "\u0000",
    "a\u0000b",
    "\ud800",
    "\u202eevil",
    "e\u0301",
    "\ufeff",
    "﷽",
  ],
  ...["' OR 1=1 --", "<script>", "=1+1", "../..", "__proto__", "constructor", "%00", "a/b", "a\r\nb: c"],
  ...["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2027-02-30T00:00:00Z", "2027-01-01T00:00:00+99:99"],
  ...["2027-01-01", "-000001-01-01T00:00:00Z", "+275760-09-13T00:00:00Z", "2027-01-01T24:00:00Z"],
  ...["javascript:alert(1)", "http://", "https://console.example:99999/", "file:///etc/passwd", "a@b", "@"],
];
const hostile = fc.constantFrom(...HOSTILE);

const ODD_NAMES = ["unknown", "__proto__", "constructor", "toString", "", "a.b", "\u0000", "💥"] as const;

/** A value with one of its members, however deep, replaced, left out, wrapped or joined by an unknown one. */
export function mutations(values: Arbitrary<unknown>): Arbitrary<unknown> {
  const change = fc.oneof(
    { weight: 5, arbitrary: hostile.map((odd) => ({ kind: "replace", odd }) as const) },
    { weight: 2, arbitrary: fc.constant({ kind: "remove" } as const) },
    { weight: 2, arbitrary: fc.constantFrom(...ODD_NAMES).map((name) => ({ kind: "add", name }) as const) },
    { weight: 1, arbitrary: fc.constant({ kind: "wrap" } as const) },
  );
  return fc.tuple(values, fc.nat(), change).map(([value, where, how]) => {
    const places = placesIn(value);
    const place = places[where % places.length] ?? [];
    return changed(value, place, (member) => {
      switch (how.kind) {
        case "replace":
          return how.odd;
        case "remove":
          return undefined;
        case "add":
          return isPlain(member) ? withMember(member, how.name, member) : [member];
        case "wrap":
          return [member];
      }
    });
  });
}

type Place = readonly (string | number)[];

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Ref);

/** A member of its own under whatever name, even under that of the prototype. */
function withMember(object: Record<string, unknown>, name: string, member: unknown): Record<string, unknown> {
  const copy = { ...object };
  Object.defineProperty(copy, name, { value: member, enumerable: true, configurable: true, writable: true });
  return copy;
}

/** Where a value has members, itself included; nothing is looked for in nests. */
function placesIn(value: unknown, place: Place = []): Place[] {
  if (place.length > 8) return [place];
  const inner = Array.isArray(value) ? [...value.entries()] : isPlain(value) ? Object.entries(value) : [];
  return [place, ...inner.flatMap(([name, member]) => placesIn(member, [...place, name]))];
}

function changed(value: unknown, [name, ...rest]: Place, change: (member: unknown) => unknown): unknown {
  if (name === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.flatMap((member, index) => {
      if (index !== name) return [member];
      const next = changed(member, rest, change);
      return next === undefined ? [] : [next];
    });
  }
  const copy = { ...(value as Record<string, unknown>) };
  const next = changed(copy[name], rest, change);
  if (next === undefined) delete copy[name];
  else copy[name] = next;
  return copy;
}

const SPOILS = [
  "nothing",
  "cut",
  "doubled",
  "doubled key",
  "trailing",
  "quotes",
  "NaN",
  "mark",
  "huge",
  "empty",
] as const;

/** Breaks the text of a body. */
export function spoiled(text: string, spoil: Spoil): string {
  switch (spoil) {
    case "nothing":
      return text;
    case "cut":
      return text.slice(0, -1);
    case "doubled":
      return text + text;
    case "doubled key":
      return text.replace(/^\{("[^"]*":)/, '{$1"first",$1');
    case "trailing":
      return text.replace(/\}$/, ",}");
    case "quotes":
      return text.replaceAll('"', "'");
    case "NaN":
      return text.replace(/:[^,{[]+/, ":NaN");
    case "mark":
      return `\ufeff${text}`;
    case "huge":
      return `${" ".repeat(300_000)}${text}`;
    case "empty":
      return "";
  }
}

const ODD_TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "image/png", ""];

const IN_PATHS: readonly string[] = [
  ...["%00", "%", "%zz", "%E0%A4%A", "a%2Fb", "%20", "é", "none", "x".repeat(65), "x".repeat(5_000)],
  ...["__proto__", "constructor", "0", "-1", "..%2f..%2fetc", "a'b", "a;b", "*", "(", "%F0%9F%92%A5"],
];

const odd = (text: string): string => btoa(text);
const IN_QUERIES: readonly string[] = [
  ...["", " ", "%", "%00", "%ED%A0%80", "0", "-1", "1.5", "201", "1e2", "0x10", "NaN", "Infinity", "abc"],
  ...[
    "x".repeat(600),
    odd("-1"),
    odd("1.5"),
    odd("9".repeat(16)),
    odd("1 x"),
    odd("x"),
    odd("1 "),
    "===",
    "%F0%9F%92%A5",
  ],
  ...["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2027-13-01T00:00:00Z", "%25", "' OR 1=1 --", "_%"],
];

/** Whatever may be asked of one operation. */
export class Requests {
  readonly #values: Values;
  readonly #operation: Operation;

  constructor(values: Values, operation: Operation) {
    this.#values = values;
    this.#operation = operation;
  }

  /** Requests as the document describes them. */
  described(): Arbitrary<Draft> {
    const body = this.#body();
    return fc.record<Draft>({
      path: this.#path(),
      query: this.#query(),
      key: this.#keys(fc.uuid()),
      contentType: fc.constant(body === null ? null : "application/json"),
      body: body === null ? fc.constant(null) : body.map((value) => ({ value, spoil: "nothing" })),
    });
  }

  /** Requests of which one part isn't as described; by chance it may be all the same. */
  broken(): Arbitrary<Draft> {
    const body = this.#body();
    const breaks = [
      ...(body ? Array<Arbitrary<Partial<Draft>>>(5).fill(this.#brokenBodies(body)) : []),
      ...(body
        ? [fc.constantFrom(...SPOILS).chain((spoil) => body.map((value) => ({ body: { value, spoil } })))]
        : []),
      ...(body ? [fc.constantFrom(...ODD_TYPES).map((contentType) => ({ contentType }))] : []),
      ...this.#in("path").map(({ name }) =>
        fc
          .tuple(this.#path(), fc.constantFrom(...IN_PATHS))
          .map(([path, text]) => ({ path: { ...path, [name]: new Raw(text) } })),
      ),
      ...this.#in("query").map(({ name }) =>
        fc
          .tuple(this.#query(), fc.constantFrom(...IN_QUERIES))
          .map(([query, text]) => ({ query: [...query, [name, new Raw(text)] as const] })),
      ),
      ...(this.#in("header").length > 0
        ? [this.#keys(fc.constantFrom("", "two words", "k".repeat(256), "é")).map((key) => ({ key }))]
        : []),
    ];
    if (breaks.length === 0) return this.described();
    return fc
      .tuple(this.described(), fc.oneof(...breaks))
      .map(([draft, broken]) => ({ ...draft, ...broken }));
  }

  #brokenBodies = (body: Arbitrary<unknown>): Arbitrary<Partial<Draft>> =>
    mutations(body).map((value) => ({ body: { value, spoil: "nothing" as const } }));

  #body(): Arbitrary<unknown> | null {
    const schema = this.#operation.requestBody?.content["application/json"]?.schema;
    return schema ? this.#values.of(schema, "") : null;
  }

  #in = (where: Parameter["in"]): Parameter[] =>
    (this.#operation.parameters ?? []).filter((parameter) => parameter.in === where);

  #path(): Arbitrary<Record<string, unknown>> {
    return fc.record(
      Object.fromEntries(this.#in("path").map(({ name, schema }) => [name, this.#values.of(schema, name)])),
    );
  }

  #query(): Arbitrary<(readonly [string, unknown])[]> {
    const given = this.#in("query").map(({ name, schema }) =>
      fc.option(this.#values.of(schema, name), { freq: 2 }).map((value) => [name, value] as const),
    );
    return fc.tuple(...given).map((pairs) => pairs.filter(([, value]) => value !== null));
  }

  /** A key where the operation takes one, and sometimes none. */
  #keys(keys: Arbitrary<string>): Arbitrary<string | null> {
    return this.#in("header").length === 0 ? fc.constant(null) : fc.option(keys, { freq: 5 });
  }
}

/** A value with its references filled in. */
export function filledIn(value: unknown, lookUp: (name: string) => unknown): unknown {
  if (value instanceof Ref) return lookUp(value.name);
  if (Array.isArray(value)) return value.map((member) => filledIn(member, lookUp));
  if (value instanceof Raw || typeof value !== "object" || value === null) return value;
  return Object.entries(value).reduce<Record<string, unknown>>(
    (copy, [name, member]) => withMember(copy, name, filledIn(member, lookUp)),
    {},
  );
}
