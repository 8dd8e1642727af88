import { isDeepStrictEqual, styleText } from "node:util";

const LABEL_WIDTH = 46;
const AMOUNT_WIDTH = 14;

type Style = Parameters<typeof styleText>[0];

// Colours appear on a terminal only; a file or a pipe gets plain text.
const styled = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout });

/** 1360000 as "1,360,000". */
export const grouped = (amount: number): string => amount.toLocaleString("en-US");

/** Prints what a demo does, and keeps count of what turned out otherwise than expected. */
export class Report {
  #steps = 0;
  #checks = 0;
  #differences = 0;

  get isReconciled(): boolean {
    return this.#differences === 0;
  }

  title(text: string): void {
    console.log(styled("bold", text));
  }

  step(title: string): void {
    this.#steps += 1;
    console.log(`\n${styled("bold", `${String(this.#steps).padStart(2)}. ${title}`)}`);
  }

  call(who: string, method: string, path: string, status: number): void {
    console.log(`    ${styled("cyan", `${method} ${path}`)} ${styled("dim", `as ${who} → ${status}`)}`);
  }

  note(text: string): void {
    console.log(`      ${styled("dim", text)}`);
  }

  /** An amount as it was answered, beside the one it must be. */
  amount(label: string, actual: number | undefined, expected: number): void {
    const shown = actual === undefined ? "nothing" : grouped(actual);
    this.#row(label, shown.padStart(AMOUNT_WIDTH), actual === expected, grouped(expected));
  }

  /** Anything else that must be so. */
  same(label: string, actual: unknown, expected: unknown): void {
    this.#row(label, `  ${words(actual)}`, isDeepStrictEqual(actual, expected), words(expected));
  }

  /** The last lines: whether all was as expected. */
  close(): void {
    const [checks, differences] = [grouped(this.#checks), grouped(this.#differences)];
    const verdict = this.isReconciled
      ? styled("green", `Reconciled to the dong: ${checks} checks, all as expected.`)
      : styled("red", `Not reconciled: ${differences} of ${checks} checks differ.`);
    console.log(`\n${verdict}`);
  }

  #row(label: string, shown: string, isExpected: boolean, expected: string): void {
    this.#checks += 1;
    if (!isExpected) this.#differences += 1;
    const mark = isExpected ? styled("green", "✓") : styled("red", `✗ expected ${expected}`);
    console.log(`      ${label.padEnd(LABEL_WIDTH)}${shown}  ${mark}`);
  }
}

const words = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
