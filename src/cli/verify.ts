import { ensureDevVars } from "./dev-vars.ts";
import { signToken } from "./tokens.ts";

interface Page {
  readonly checked: number;
  readonly findings: readonly {
    readonly subject: string;
    readonly invariant: number;
    readonly problem: string;
  }[];
  readonly nextCursor: string | null;
}

const baseUrl = process.env.BASE_URL ?? `http://localhost:${process.env.PORT ?? "8787"}`;
const token = process.env.TOKEN ?? (await signToken({ role: "admin" }, ensureDevVars().authSecret));

process.exitCode = (await verify()) ? 0 : 1;

/** Checks every account and coupon of a running installation, page by page. */
async function verify(): Promise<boolean> {
  let checked = 0;
  let broken = 0;
  let cursor: string | null = null;
  do {
    const page: Page = await ask(cursor);
    for (const { subject, invariant, problem } of page.findings) {
      console.log(`${subject}: invariant ${invariant} is broken: ${problem}`);
    }
    checked += page.checked;
    broken += page.findings.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  console.log(`${checked} accounts and coupons checked, ${broken} findings`);
  return broken === 0;
}

async function ask(cursor: string | null): Promise<Page> {
  const answer = await fetch(`${baseUrl}/v1/admin/verify`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(cursor === null ? {} : { cursor }),
  });
  if (!answer.ok) throw new Error(`${baseUrl} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Page;
}
