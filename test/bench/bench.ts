import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { demoCatalogue } from "../../src/cli/demo-catalogue.ts";
import { ensureDevVars } from "../../src/cli/dev-vars.ts";
import { root } from "../../src/cli/paths.ts";
import { signToken } from "../../src/cli/tokens.ts";
import { countOrders, type Step } from "./counted.ts";
import { openAccounts, useTokens } from "./customers.ts";
import { startFloor } from "./floor.ts";
import { machine } from "./machine.ts";
import { type Market, sendAll, withBody } from "./market.ts";
import { type BenchOptions, readOptions } from "./options.ts";
import { Peer } from "./peer.ts";
import { startProduct } from "./product.ts";
import {
  COST_NOTE,
  costTable,
  countedTable,
  statementTable,
  TIMED_NOTE,
  timedTable,
  usageTable,
} from "./report.ts";
import { type Cell, measure } from "./timed.ts";
import { measureUsage, type UsageCell } from "./usage.ts";

const USAGE_EXIT_CODE = 2;
const SECRET_BYTES = 32;
const PRODUCT = "vserver";
const CALM_LIMIT_MS = 5_000;
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

const options = readOptions();
if (options === null) process.exit(USAGE_EXIT_CODE);
try {
  await bench(options);
} catch (error) {
  console.error(error instanceof Error ? [error.message, error.cause ?? ""].join("\n") : error);
  process.exit(1);
}

async function bench(of: BenchOptions): Promise<void> {
  console.log(`edge-billing bench, ${new Date().toISOString()}\n${machine()}\n`);
  mkdirSync(join(root, ".wrangler"), { recursive: true });
  // Beside the code, not among temporary files: those may be kept in memory, where nothing is ever synced.
  const directory = mkdtempSync(join(root, ".wrangler/bench-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(1));
  if (of.target === null) await benchOwn(of, directory);
  else await benchTarget(of, of.target, directory);
}

async function benchOwn(of: BenchOptions, directory: string): Promise<void> {
  const peer = new Peer();
  const timed = timeOwn(of, directory, peer);
  if (!of.extent.isOverlapping) await timed;
  const [{ cells, usage }, steps] = await Promise.all([timed, countOwn(of, directory, peer)]);
  console.log(`${timedTable(cells)}\n\n${TIMED_NOTE}\n`);
  console.log(`${usageTable(usage)}\n`);
  console.log(`${countedTable(steps)}\n\n${statementTable(steps)}\n`);
  console.log(`${costTable(steps, cpuMsOf(cells))}\n\n${COST_NOTE}`);
}

interface Timed {
  readonly cells: Cell[];
  readonly usage: UsageCell[];
}

async function timeOwn({ extent }: BenchOptions, directory: string, peer: Peer): Promise<Timed> {
  const authSecret = newSecret();
  const [floor, product] = await Promise.all([
    startFloor(join(directory, "floor")),
    startProduct({
      directory: join(directory, "timed"),
      authSecret,
      peer,
      isCounted: false,
    }),
  ]);
  await using _floor = floor;
  await using _product = product;
  const market = await openMarket(product.baseUrl, authSecret, extent.accounts);
  const of = { market, floorUrl: floor.baseUrl, extent, run: newRun() };
  const consequences = {
    hold: () => peer.hold(),
    release: () => peer.release(),
    calm: () => peer.untilQuiet(CALM_LIMIT_MS),
  };
  const cells = await measure({ ...of, consequences, done: progress });
  return { cells, usage: await measureUsage({ ...of, calm: consequences.calm }) };
}

async function countOwn({ extent }: BenchOptions, directory: string, peer: Peer): Promise<Step[]> {
  const authSecret = newSecret();
  await using product = await startProduct({
    directory: join(directory, "counted"),
    authSecret,
    peer,
    isCounted: true,
  });
  const market = await openMarket(product.baseUrl, authSecret, extent.countedAccounts);
  return await countOrders(market, newRun());
}

/** Sells what the demo sells, at a console that is told of everything. */
async function openMarket(baseUrl: string, secret: string, accounts: number): Promise<Market> {
  const admin = `Bearer ${await signToken({ role: "admin" }, secret)}`;
  const returnOrigins = ["https://console.example.com"];
  const callbackUrl = "https://console.example.com/billing";
  const sold = withBody({ ...demoCatalogue[PRODUCT], callbackUrl, returnOrigins }, admin);
  await sendAll(baseUrl, [{ method: "PUT", path: `/v1/catalog/products/${PRODUCT}`, status: 200, ...sold }]);
  return openAccounts({ baseUrl, product: PRODUCT, run: newRun() }, secret, accounts);
}

async function benchTarget(
  { extent, product }: BenchOptions,
  baseUrl: string,
  directory: string,
): Promise<void> {
  const opening = { baseUrl, product, run: newRun() };
  const tokens = process.env.TOKEN?.split(/[\s,]+/).filter((token) => token !== "") ?? [];
  const market =
    tokens.length > 0
      ? await useTokens(opening, tokens)
      : await openAccounts(opening, ensureDevVars().authSecret, extent.accounts);
  // What another machine does says nothing beside what this one could.
  const isHere = LOOPBACK.includes(new URL(baseUrl).hostname);
  await using floor = isHere ? await startFloor(join(directory, "floor")) : null;
  const cells = await measure({
    market,
    floorUrl: floor?.baseUrl ?? null,
    extent,
    run: newRun(),
    consequences: null,
    done: progress,
  });
  console.log(`${baseUrl}\n${timedTable(cells)}`);
}

/** Create, pay and provision keep one thread busy for at most so long, at its best. */
function cpuMsOf(cells: readonly Cell[]): number {
  const least = (operation: "create" | "pay"): number =>
    Math.min(...cells.map(({ product }) => 1_000 / product[operation].perSecond));
  return least("create") + 2 * least("pay");
}

function progress({ accounts, concurrency }: Cell): void {
  if (process.stderr.isTTY) console.error(`measured: ${accounts} accounts, ${concurrency} at once`);
}

function newRun(): string {
  return randomBytes(4).toString("hex");
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}
