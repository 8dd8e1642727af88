import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAst } from "vitest/node";

const src = join(import.meta.dirname, "../../src");
const LOCALES = ["en", "vi"];

/** Words that are the same in Vietnamese. */
const EQUAL_WORDS = new Set(["edge-billing"]);

/** Every text of a language under its path; a function's is what it makes of its own parameters' names. */
function textsOf(value: unknown, path: string): [path: string, text: string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function")
    return [[path, String(value(...Array.from({ length: value.length }, (_, index) => `{${index}}`)))]];
  if (typeof value !== "object" || value === null) throw new Error(`${path} is no text: ${String(value)}`);
  return Object.entries(value).flatMap(([name, inner]) => textsOf(inner, `${path}.${name}`));
}

const isTranslated = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length === LOCALES.length &&
  LOCALES.every((locale) => typeof Reflect.get(value, locale) === "object");

async function translations() {
  const files = readdirSync(join(src, "texts")).filter((file) => file.endsWith(".ts"));
  const found = await Promise.all(
    files.map(async (file) => {
      const room: Record<string, unknown> = await import(join(src, "texts", file));
      return Object.entries(room).flatMap(([name, value]) =>
        isTranslated(value) ? [{ name: `${file}: ${name}`, en: value.en, vi: value.vi }] : [],
      );
    }),
  );
  return found.flat();
}

describe("the texts", async () => {
  const all = await translations();

  it("are found", () => {
    expect(all.length).toBeGreaterThan(5);
  });

  it.each(all)("are all there in every language: $name", ({ en, vi }) => {
    const paths = (language: unknown) => textsOf(language, "").map(([path]) => path);
    expect(paths(vi)).toEqual(paths(en));
    const empty = [...textsOf(en, "en"), ...textsOf(vi, "vi")].filter(([, text]) => text.trim() === "");
    expect(empty).toEqual([]);
  });

  it.each(all)("aren't left in English: $name", ({ en, vi }) => {
    const english = new Map(textsOf(en, ""));
    const left = textsOf(vi, "").filter(
      ([path, text]) => isHuman(text) && text === english.get(path) && !EQUAL_WORDS.has(text),
    );
    expect(left).toEqual([]);
  });

  it.each(all)("leave room for the same things in every language: $name", ({ en, vi }) => {
    const gaps = (language: unknown) =>
      textsOf(language, "").map(([path, text]) => [path, text.match(/\{\w+\}/g)?.sort() ?? []]);
    expect(gaps(vi)).toEqual(gaps(en));
  });
});

/** What a page's parts say to people by themselves. */
const SPOKEN_ATTRIBUTES = [
  "aria-label",
  "aria-description",
  "title",
  "placeholder",
  "alt",
  "label",
  "caption",
];

const isHuman = (text: unknown): text is string => typeof text === "string" && /\p{L}{2}/u.test(text);

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value;

/** Texts for people that stand in a file itself: between tags, or in attributes that are read out. */
function ownTexts(node: Node): string[] {
  if (node.type === "JSXText") return isHuman(node.value) ? [node.value.trim()] : [];
  if (node.type === "JSXAttribute") {
    const { name } = node.name as Node;
    if (typeof name !== "string" || !SPOKEN_ATTRIBUTES.includes(name)) return [];
    return literalsIn(node.value);
  }
  const inner = Object.values(node).flatMap((field) => (Array.isArray(field) ? field : [field]));
  const spoken =
    node.type === "JSXElement" || node.type === "JSXFragment"
      ? (node.children as Node[]).filter(({ type }) => type === "JSXExpressionContainer").flatMap(literalsIn)
      : [];
  return [...spoken, ...inner.filter(isNode).flatMap(ownTexts)];
}

/** Texts that an expression may come to: as it is, or either way of a choice. */
function literalsIn(value: unknown): string[] {
  if (!isNode(value)) return [];
  switch (value.type) {
    case "Literal":
      return isHuman(value.value) ? [value.value] : [];
    case "JSXExpressionContainer":
      return literalsIn(value.expression);
    case "ConditionalExpression":
      return [...literalsIn(value.consequent), ...literalsIn(value.alternate)];
    case "LogicalExpression":
      return [...literalsIn(value.left), ...literalsIn(value.right)];
    case "TemplateLiteral":
      return (value.quasis as { value: { raw: string } }[]).map(({ value: { raw } }) => raw).filter(isHuman);
    default:
      return [];
  }
}

const ownTextsOf = (code: string): string[] => ownTexts(parseAst(code, { lang: "tsx" }) as unknown as Node);

describe("pages", () => {
  const files = ["portal", "sandbox"].flatMap((room) =>
    readdirSync(join(src, room), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".tsx"))
      .map((file) => `${room}/${file}`),
  );

  it.each(files)("say nothing by themselves: %s", (file) => {
    expect(ownTextsOf(readFileSync(join(src, file), "utf8"))).toEqual([]);
  });

  it.each([
    ["between tags", "<p>Hello</p>", ["Hello"]],
    ["in an expression", '<p>{"Hello"}</p>', ["Hello"]],
    ["in a choice", `<p>{a ? \`Hello \${b}\` : null}</p>`, ["Hello "]],
    ["in a fragment", "<>Hello</>", ["Hello"]],
    ["in a label", '<nav aria-label="Menu" />', ["Menu"]],
    ["in a choice of labels", '<input placeholder={a ?? "Search"} />', ["Search"]],
    ["deep inside", "const f = () => a.map((b) => <li>{b}<b>Hello</b></li>);", ["Hello"]],
  ])("would be found out %s", (_, code, expected) => {
    expect(ownTextsOf(code)).toEqual(expected);
  });

  it.each(['<p class="card" id="main">{texts.hello} · × –</p>', '<a rel="next" href="/portal">←</a>'])(
    "may have signs, names and addresses: %s",
    (code) => {
      expect(ownTextsOf(code)).toEqual([]);
    },
  );
});
