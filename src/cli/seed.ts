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

/** Safe to repeat: every step is a PUT, or carries its idempotency key. */
export async function seed(baseUrl: string, adminToken: string): Promise<void> {
  async function send(method: "PUT" | "POST", path: string, body: unknown, idempotencyKey?: string) {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${adminToken}`,
        "Content-Type": "application/json",
        ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }),
      },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  }

  for (const [id, product] of Object.entries(demoCatalogue)) {
    await send("PUT", `/v1/catalog/products/${id}`, product);
    await send("PUT", `/v1/catalog/products/${id}/portal-actions`, { actions: userActions });
  }
  await send("PUT", "/v1/accounts/acc_demo", demoAccount);
  const welcomeCredit = { amount: 5_000_000, reason: "Welcome credit" };
  await send("POST", "/v1/accounts/acc_demo/credits", welcomeCredit, "seed-welcome-credit");
  await send("PUT", "/v1/coupons/WELCOME20", { amount: 20_000, limitPerAccount: 1 });
  await send("PUT", "/v1/coupons/SAVE10", { percent: "10", cap: 100_000 });
}
