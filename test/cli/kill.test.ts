import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { ensureDevVars } from "../../src/cli/dev-vars.ts";
import { type DevWorker, startDevWorker } from "../../src/cli/dev-worker.ts";
import { applyMigrations } from "../../src/cli/migrate.ts";
import { seed } from "../../src/cli/seed.ts";
import { signToken } from "../../src/cli/tokens.ts";
import { Api, type Books, buyUntilGone, CREDIT, expectStatus, type Purchase } from "./payment-load.ts";

/** How often the worker is killed; `KILL_ROUNDS=20 npx vitest run test/cli/kill.test.ts` for a longer night. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 1);
const LOAD_MS = 2_000;
const CUSTOMERS_PER_ACCOUNT = 4;
const ACCOUNTS = ["acc_kill_1", "acc_kill_2", "acc_kill_3"];
/** Whoever looks at an account has it deliver what a dead worker left there. */
const DELIVERED_WITHIN_MS = 30_000;
const TIMEOUT_MS = 60_000 + ROUNDS * 60_000;

test.skipIf(process.platform === "win32")(
  "a worker killed under load has every payment it answered, and every other one whole or not at all",
  { timeout: TIMEOUT_MS },
  async () => {
    const { authSecret } = ensureDevVars();
    const stateDir = mkdtempSync(join(tmpdir(), "edge-billing-kill-"));
    await applyMigrations(stateDir);
    let worker = await start(stateDir);
    try {
      await prepare(worker, authSecret);
      const purchases: Purchase[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        purchases.push(...(await buyAndKill(worker, authSecret, round)));
        worker = await start(stateDir);
        const api = new Api(worker.baseUrl, authSecret);
        await expectVerified(api);
        await expectWholeOrAbsent(api, purchases);
        await finish(api, purchases);
        await expectVerified(api);
        await expectPaidOnce(api, purchases);
      }
    } finally {
      await worker[Symbol.asyncDispose]();
      rmSync(stateDir, { recursive: true, force: true });
    }
  },
);

/** Under an address of its own whichever port it has: answers that are given again name it. */
const start = (stateDir: string): Promise<DevWorker> =>
  startDevWorker({ stateDir, vars: () => ({ PUBLIC_URL: "http://localhost:8787" }) });

async function prepare({ baseUrl }: DevWorker, authSecret: string): Promise<void> {
  await seed(baseUrl, await signToken({ role: "admin" }, authSecret));
  const api = new Api(baseUrl, authSecret);
  for (const account of ACCOUNTS) await api.openAccount(account);
}

/** Customers buy, several at a time from one account, until the worker is gone in the middle of it. */
async function buyAndKill(worker: DevWorker, authSecret: string, round: number): Promise<Purchase[]> {
  const api = new Api(worker.baseUrl, authSecret);
  const isUnderLoad = Promise.withResolvers<void>();
  const buying = Promise.all(
    ACCOUNTS.flatMap((account) =>
      Array.from({ length: CUSTOMERS_PER_ACCOUNT }, (_, n) =>
        buyUntilGone(api, account, `${account}-${round}-${n}`, isUnderLoad.resolve),
      ),
    ),
  );
  await Promise.race([isUnderLoad.promise.then(() => sleep(LOAD_MS)), buying]);
  await kill(worker);
  const purchases = (await buying).flat();
  expect(purchases.some(({ payment }) => payment !== null)).toBe(true);
  expect(purchases.some(({ payment }) => payment === null)).toBe(true);
  return purchases;
}

/** Ends wrangler and workerd at once, with no time to put anything in order. */
async function kill(worker: DevWorker): Promise<void> {
  if (worker.processGroup === undefined) throw new Error("the worker has no process");
  process.kill(-worker.processGroup, "SIGKILL");
  await worker.exited;
}

const expectVerified = (api: Api) =>
  expect.poll(() => api.verify(), { timeout: DELIVERED_WITHIN_MS, interval: 500 }).toEqual([]);

/** What an account's books have of an order: everything of a payment, or nothing. */
function paymentIn({ payments, credit, resources }: Books, { id, total }: { id: string; total: number }) {
  const found = {
    payments: payments.filter(({ order }) => order === id),
    credit: credit.filter(({ reference }) => reference === id).map(({ amount }) => amount),
    resources: resources.filter(({ order }) => order === id).map(({ state }) => state),
  };
  const [payment] = found.payments;
  expect(found).toEqual(
    payment
      ? { payments: [{ ...payment, amount: total }], credit: [-total], resources: ["provisioning"] }
      : { payments: [], credit: [], resources: [] },
  );
  return payment ?? null;
}

/** What paying answers says more than the history: what the order gives back, which creations never do. */
const asAnswered = (payment: ReturnType<typeof paymentIn>) => payment && { ...payment, refund: 0 };

/** Before anybody tries again. */
async function expectWholeOrAbsent(api: Api, purchases: readonly Purchase[]): Promise<void> {
  for (const account of ACCOUNTS) {
    const books = await api.books(account);
    let spent = 0;
    for (const { order, payment } of purchases.filter((purchase) => purchase.account === account)) {
      if (order === null) continue;
      const found = paymentIn(books, order);
      if (payment !== null) expect(asAnswered(found)).toEqual(payment);
      const { status } = await api.order(account, order.id);
      expect(status).toBe(found ? "provisioning" : "awaiting_payment");
      spent += found ? order.total : 0;
    }
    expect(books.available).toBe(CREDIT - spent);
  }
}

/** Every caller tries again: who was answered hears the same, everybody else is served now. */
async function finish(api: Api, purchases: readonly Purchase[]): Promise<void> {
  await Promise.all(
    purchases.map(async (purchase) => {
      const { account, placeKey, payKey } = purchase;
      const placed = await api.place(account, placeKey);
      const order = expectStatus(placed, 201);
      if (purchase.order) expect(placed).toEqual({ status: 201, isReplayed: true, body: purchase.order });
      const paid = await api.pay(account, order.id, payKey);
      const payment = expectStatus(paid, 200);
      if (purchase.payment) expect(paid).toEqual({ status: 200, isReplayed: true, body: purchase.payment });
      Object.assign(purchase, { order, payment });
    }),
  );
}

async function expectPaidOnce(api: Api, purchases: readonly Purchase[]): Promise<void> {
  for (const account of ACCOUNTS) {
    const books = await api.books(account);
    const own = purchases.filter((purchase) => purchase.account === account);
    for (const { order, payment } of own)
      expect(order && asAnswered(paymentIn(books, order))).toEqual(payment);
    expect(books.payments).toHaveLength(own.length);
    const spent = own.reduce((sum, { order }) => sum + (order?.total ?? 0), 0);
    expect(books.available).toBe(CREDIT - spent);
  }
}
