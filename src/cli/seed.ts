import { Admin } from "./admin.ts";
import { consoleUrl } from "./consoles.ts";
import { demoCatalogue } from "./demo-catalogue.ts";
import { userActions } from "./tokens.ts";

const demoAccount = {
  email: "demo@example.com",
  name: "Demo Company",
  billingMode: "prepaid",
  currency: "VND",
  timeZone: "Asia/Ho_Chi_Minh",
  locale: "vi",
};

/**
 * Fills an installation with what people try it with. `consolesAt`: the origin whose sandbox consoles the products are
 * called at; without it they aren't called. Safe to repeat: every step is a PUT, carries its idempotency key, or gives
 * a console its new secret at once.
 */
export async function seed(baseUrl: string, adminToken: string, consolesAt?: string): Promise<void> {
  const admin = new Admin(baseUrl, adminToken);
  for (const [id, product] of Object.entries(demoCatalogue)) {
    const path = `/v1/catalog/products/${id}`;
    const called = consolesAt === undefined ? {} : { callbackUrl: consoleUrl(consolesAt, id) };
    await admin.send("PUT", path, { ...product, ...called });
    await admin.send("PUT", `${path}/portal-actions`, { actions: userActions });
    if (consolesAt === undefined) continue;
    const { secret } = await admin.send<{ secret: string }>("POST", `${path}/webhook-secret`);
    await admin.send("PUT", `/v1/sandbox/consoles/${id}`, { webhookSecret: secret });
  }
  await admin.send("PUT", "/v1/accounts/acc_demo", demoAccount);
  const welcomeCredit = { amount: 5_000_000, reason: "Welcome credit" };
  await admin.send("POST", "/v1/accounts/acc_demo/credits", welcomeCredit, "seed-welcome-credit");
  await admin.send("PUT", "/v1/coupons/WELCOME20", { amount: 20_000, limitPerAccount: 1 });
  await admin.send("PUT", "/v1/coupons/SAVE10", { percent: "10", cap: 100_000 });
}
