import { readdirSync, readFileSync } from "node:fs";
import { join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";

const src = join(import.meta.dirname, "../src");

/** What the files of each room may import from other rooms. Arrows run one way: a room stands above what it lists. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: [],
  observability: [],
  texts: ["domain"],
  mail: ["domain", "texts"],
  documents: ["domain", "texts"],
  store: ["domain", "observability"],
  consoles: ["domain"],
  gateways: ["domain", "observability"],
  coupon: ["domain", "observability", "store"],
  directory: ["store"],
  usage: ["domain", "store"],
  account: ["domain", "observability", "store", "coupon", "usage"],
  jobs: ["domain", "observability", "store", "account", "consoles", "directory", "gateways", "mail"],
  http: [
    "domain",
    "observability",
    "store",
    "account",
    "coupon",
    "usage",
    "consoles",
    "directory",
    "documents",
    "gateways",
    "jobs",
  ],
  portal: ["domain", "observability", "store", "account", "http", "texts", "documents"],
  sandbox: [
    "portal",
    "texts",
    "domain",
    "observability",
    "store",
    "gateways",
    "account",
    "jobs",
    "http",
    "mail",
  ],
  cli: [],
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
  readonly isTypeOnly: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.(ts|tsx|mjs)$/.test(file),
);
const roomOf = (file: string): string => (file.includes("/") ? (file.split("/")[0] ?? "") : "");

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), "utf8");
  return [...text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^"';]*?from\s+"([^"]+)"/gm)].map((match) => ({
    file,
    room: roomOf(file),
    target: match[2] ?? "",
    isTypeOnly: match[1] !== undefined,
  }));
});

const isLocal = ({ target }: Import): boolean => target.startsWith(".");
const targetRoom = ({ file, target }: Import): string =>
  roomOf(relative(src, normalize(join(src, file, "..", target))));

describe("the house", () => {
  it("knows every room", () => {
    expect([...new Set(files.map(roomOf))].filter((room) => room !== "").sort()).toEqual(
      Object.keys(MAY_IMPORT).sort(),
    );
  });

  it("has arrows that run one way", () => {
    const wrong = imports
      .filter((entry) => isLocal(entry) && entry.room !== "" && targetRoom(entry) !== entry.room)
      .filter((entry) => !MAY_IMPORT[entry.room]?.includes(targetRoom(entry)))
      .filter((entry) => !(entry.room === "cli" && entry.isTypeOnly));
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it("has a domain that depends on nothing but itself", () => {
    const outward = imports.filter((entry) => entry.room === "domain" && !isLocal(entry));
    expect(outward.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it("has a domain that reads no clock and no chance", () => {
    const impure = files
      .filter((file) => roomOf(file) === "domain")
      .filter((file) =>
        /Date\.now\(|new Date\(\)|Math\.random\(|crypto\.|performance\./.test(
          readFileSync(join(src, file), "utf8"),
        ),
      );
    expect(impure).toEqual([]);
  });

  it("stands without the sandbox: only the entry point knows it", () => {
    const users = imports.filter(
      (entry) => isLocal(entry) && targetRoom(entry) === "sandbox" && entry.room !== "sandbox",
    );
    expect([...new Set(users.map(({ file }) => file))]).toEqual(["index.ts"]);
  });
});
