import { parseArgs } from "node:util";
import { ensureDevVars } from "./dev-vars.ts";
import { type Caller, signToken, userActions } from "./tokens.ts";

const USAGE = `Usage: npm run -s token -- --role admin|product|user [--product vserver] [--account acc_demo] [--actions A,B]
Actions (all of them when --actions is absent): ${userActions.join(" ")}`;
const USAGE_EXIT_CODE = 2;
const idPattern = /^[A-Za-z0-9._-]{1,64}$/;

const caller = readCaller();
if (caller === undefined) {
  console.error(USAGE);
  process.exit(USAGE_EXIT_CODE);
}
console.log(await signToken(caller, ensureDevVars().authSecret));

function readCaller(): Caller | undefined {
  const values = readOptions();
  if (values === undefined) return undefined;
  const { role, product = "vserver", account = "acc_demo", actions } = values;
  if (!idPattern.test(product) || !idPattern.test(account)) return undefined;
  if (role === "admin") return { role };
  if (role === "product") return { role, product };
  if (role !== "user") return undefined;
  const granted = actions === undefined ? userActions : actions.split(",").filter((action) => action !== "");
  const known = new Set<string>(userActions);
  return granted.every((action) => known.has(action)) ? { role, account, actions: granted } : undefined;
}

function readOptions() {
  const string = { type: "string" } as const;
  try {
    return parseArgs({ options: { role: string, product: string, account: string, actions: string } }).values;
  } catch {
    return undefined;
  }
}
