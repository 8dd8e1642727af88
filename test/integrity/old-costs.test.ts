import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it } from "vitest";
import { verifyRecords } from "../../src/jobs/integrity.ts";
import { advanceClock, resetClock, setClock } from "../http/clock.ts";
import { admin, bodyOf, openAccount, putCatalogue, putCoupon } from "../support/api.ts";

beforeAll(putCatalogue);
afterEach(async () => void (await resetClock()));

it("what was invoiced before costs were kept is among them, as its account would tell it", async () => {
  await setClock("2027-01-16T03:00:00Z");
  const account = await openAccount(5_000_000);
  const order = await account.placeWith(await putCoupon({ amount: 9_000 }), { quantity: 2 });
  bodyOf(await account.pay(order.id), 200);
  await account.provisionAll(order.id, "succeeded");
  await setClock("2027-01-20T03:00:00Z");
  const [server] = await account.resources();
  bodyOf(await account.remove(server?.id ?? ""), 200);
  bodyOf(
    await admin.put(account.path, { email: "an@example.com", name: "An", billingMode: "postpaid" }),
    200,
  );
  const used = await account.place({ period: undefined as never });
  await account.provisionAll(used.id, "succeeded");
  await setClock("2027-01-25T03:00:00Z");
  const resize = bodyOf(
    await account.placeFor("resize", (await account.resources())[0]?.id ?? "", {
      configuration: [{ sku: "small", quantity: 2 }],
    }),
    201,
  );
  await account.answer(resize.id);
  await advanceClock("2027-02-01T03:00:00Z");
  const count = "SELECT count(*) AS n FROM costs WHERE account = ?";
  expect(await env.DB.prepare(count).bind(account.id).first("n")).toBe(4);

  await env.DB.prepare("DELETE FROM costs").run();
  const migration = env.TEST_MIGRATIONS.find(({ name }) => name.includes("_costs"));
  const steps = migration?.queries.filter((query) => query.includes("INSERT INTO `costs`")) ?? [];
  expect(steps).toHaveLength(2);
  await env.DB.batch(steps.map((query) => env.DB.prepare(query)));
  expect(await verifyRecords(env, account.id)).toEqual([]);
});
