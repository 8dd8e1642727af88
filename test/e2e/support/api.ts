import { randomUUID } from "node:crypto";
import { expect, onTestFinished, vi } from "vitest";
import { Caller, type Order, type Payment } from "../../../src/cli/demo/client.ts";
import { type Caller as Identity, signToken, userActions } from "../../../src/cli/tokens.ts";
import type { GatewayName } from "../../../src/domain/gateway.ts";
import { authSecret, origin } from "./running.ts";

const MAIL_TIMEOUT_MS = 10_000;
const MAIL_POLL_MS = 100;

const unreported = { call: () => {} };

const callerAs = async (identity: Identity): Promise<Caller> =>
  new Caller(identity.role, origin, await signToken(identity, authSecret), unreported);

/** Operations. */
export const admin = await callerAs({ role: "admin" });

/** The console of the seeded product vServer. */
export const vserver = await callerAs({ role: "product", product: "vserver" });

/** The console of the seeded product vStorage. */
export const vstorage = await callerAs({ role: "product", product: "vstorage" });

/** An account of this test's own, and its owner. */
export interface Account {
  readonly id: string;
  /** `/v1/accounts/{id}` */
  readonly path: string;
  readonly email: string;
  readonly user: Caller;
}

export interface Settings {
  readonly locale?: "vi" | "en";
  /** In dong; none when absent. */
  readonly credit?: number;
}

export async function openAccount({ locale = "vi", credit = 0 }: Settings = {}): Promise<Account> {
  const id = `acc_${randomUUID()}`;
  const path = `/v1/accounts/${id}`;
  const email = `${id}@example.com`;
  const body = { email, name: "Nguyễn Thị Ánh Tuyết", locale };
  await admin.call({ method: "PUT", path, body, status: 200 });
  if (credit > 0) await grant(path, credit);
  return { id, path, email, user: await callerAs({ role: "user", account: id, actions: userActions }) };
}

const grant = (path: string, amount: number) =>
  admin.call({
    method: "POST",
    path: `${path}/credits`,
    body: { amount, reason: "for a test" },
    idempotencyKey: randomUUID(),
    status: 201,
  });

/** A small server for a month: 125,000 dong. */
export const SERVER = {
  resourceType: "server",
  name: "máy-chủ-1",
  configuration: [
    { sku: "dev.v1.small1x1", quantity: 1 },
    { sku: "root-disk-20", quantity: 1 },
  ],
  period: { months: 1 },
};

/** What vServer's console orders; the answer names the `checkoutUrl`. */
export async function place({ path }: Account, ...lines: readonly object[]): Promise<Order> {
  const { body } = await vserver.call<Order>({
    method: "POST",
    path: `${path}/orders`,
    body: { action: "create", lines, returnUrl: `${origin}/sandbox/consoles/vserver` },
    idempotencyKey: randomUUID(),
    status: 201,
  });
  return body;
}

/** The owner pays by credit, without a page. */
export async function pay({ path, user }: Account, { id }: Order): Promise<Payment> {
  const { body } = await user.call<Payment>({
    method: "POST",
    path: `${path}/orders/${id}/pay`,
    body: { method: "credit" },
    idempotencyKey: randomUUID(),
    status: 200,
  });
  return body;
}

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** What somebody was written, newest first, as soon as it is so many. */
export const mailsTo = ({ email }: Pick<Account, "email">, count: number): Promise<readonly Mail[]> =>
  vi.waitFor(
    async () => {
      const { data } = await admin.get<{ data: readonly Mail[] }>(`/v1/sandbox/mailbox?to=${email}`);
      expect(data).toHaveLength(count);
      return data;
    },
    { timeout: MAIL_TIMEOUT_MS, interval: MAIL_POLL_MS },
  );

/** Waits until somebody was written something by this subject. */
export const mailAbout = ({ email }: Pick<Account, "email">, subject: string): Promise<Mail> =>
  vi.waitFor(
    async () => {
      const { data } = await admin.get<{ data: readonly Mail[] }>(`/v1/sandbox/mailbox?to=${email}`);
      const found = data.find((mail) => mail.subject === subject);
      if (!found)
        throw new Error(`nothing like "${subject}" among ${data.map((mail) => mail.subject).join(", ")}`);
      return found;
    },
    { timeout: MAIL_TIMEOUT_MS, interval: MAIL_POLL_MS },
  );

/** Moves the clock of all that is done here, until this test is over. */
export async function setClock(nowMs: number): Promise<void> {
  const path = "/v1/sandbox/clock";
  onTestFinished(async () => {
    await admin.call({ method: "DELETE", path, status: 200 });
  });
  await admin.call({ method: "PUT", path, body: { now: new Date(nowMs).toISOString() }, status: 200 });
}

/** What is due for everybody up to an instant may take a while. */
const ADVANCE_TIMEOUT_MS = 90_000;

/** Lets time pass: everything that is due up to then is done, and nothing is on its way any more. */
export async function advance(nowMs: number): Promise<void> {
  const body = { to: new Date(nowMs).toISOString() };
  const path = "/v1/sandbox/clock/advance";
  await admin.call({ method: "POST", path, body, status: 200, timeoutMs: ADVANCE_TIMEOUT_MS });
}

/** Makes a simulated gateway behave, until this test is over. */
export async function behave(gateway: GatewayName, switches: object): Promise<void> {
  const set = (body: object) =>
    admin.call({ method: "PUT", path: `/v1/sandbox/gateways/${gateway}`, body, status: 200 });
  onTestFinished(async () => void (await set({})));
  await set(switches);
}
