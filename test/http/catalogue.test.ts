import { beforeAll, describe, expect, it } from "vitest";
import { METERINGS, UNIT_MINUTES } from "../../src/domain/catalogue.ts";
import type { ProductId } from "../../src/domain/ids.ts";
import { admin, bodyOf, freshId, openAccount, productConsole, putCatalogue, userOf } from "../support/api.ts";
import { expectProblem } from "./expect-problem.ts";

beforeAll(putCatalogue);

interface ProductView {
  readonly id: string;
  readonly version: number;
  readonly resourceTypes: readonly { readonly skus: readonly object[] }[];
}

const SKU = { id: "one", name: "One", unit: "30 days", unitPrice: "7.7", taxRate: "10", taxIncluded: true };
const TYPE = {
  id: "type",
  name: "Type",
  billing: ["prepaid"],
  refundable: true,
  autoRenewable: false,
  lifecycle: { graceDays: 15, suspensionDays: 15 },
  skus: [SKU],
};
const PRODUCT = { name: "Product", resourceTypes: [TYPE] };

const put = (product: string, body: object) =>
  admin.put<ProductView>(`/v1/catalog/products/${product}`, body);

describe("the catalogue", () => {
  it("answers a product as it was put, with what was left out filled in", async () => {
    const id = freshId<ProductId>("prd");
    const answer = bodyOf(await put(id, { ...PRODUCT, callbackUrl: "https://p.example/hook" }), 200);
    const inForce = {
      id,
      version: 1,
      name: "Product",
      currency: "VND",
      callbackUrl: "https://p.example/hook",
      returnOrigins: [],
      resourceTypes: [
        {
          ...TYPE,
          autoRenewOffBy: "customer",
          minimumMonths: 1,
          holdRunAt: "00:00",
          lifecycle: { graceDays: 15, suspensionDays: 15, trashDays: 0 },
          skus: [{ ...SKU, metering: "configuration", discount: "0" }],
        },
      ],
    };
    expect(answer).toEqual(inForce);
    for (const caller of [admin, productConsole(id)]) {
      expect(bodyOf(await caller.get(`/v1/catalog/products/${id}`), 200)).toEqual(inForce);
    }
    const { callbackUrl: _, ...forOthers } = inForce;
    for (const caller of [productConsole(), userOf("acc_any", [])]) {
      expect(bodyOf(await caller.get(`/v1/catalog/products/${id}`), 200)).toEqual(forOthers);
    }
  });

  it("counts a product's versions, and keeps the version of one that is put unchanged", async () => {
    const id = freshId<ProductId>("prd");
    const versionOf = async (body: object) => bodyOf(await put(id, body), 200).version;
    expect(await versionOf(PRODUCT)).toBe(1);
    expect(await versionOf(PRODUCT)).toBe(1);
    expect(await versionOf({ ...PRODUCT, currency: "VND", returnOrigins: [] })).toBe(1);
    expect(await versionOf({ ...PRODUCT, name: "Renamed" })).toBe(2);
    expect(await versionOf({ ...PRODUCT, name: "Renamed" })).toBe(2);
    expect(await versionOf(PRODUCT)).toBe(3);
    const got = await admin.get<ProductView>(`/v1/catalog/products/${id}`);
    expect(bodyOf(got, 200).version).toBe(3);
  });

  it("gives different versions to changes that come at once", async () => {
    const id = freshId<ProductId>("prd");
    const names = ["a", "b", "c", "d", "e"];
    await Promise.all(names.map((name) => put(id, { ...PRODUCT, name })));
    const [last] = await Promise.all([admin.get<ProductView>(`/v1/catalog/products/${id}`)]);
    expect(bodyOf(last, 200).version).toBe(5);
  });

  it("lists every product in the version in force", async () => {
    const id = freshId<ProductId>("prd");
    bodyOf(await put(id, PRODUCT), 200);
    const latest = bodyOf(await put(id, { ...PRODUCT, name: "Renamed" }), 200);
    const { data, nextCursor } = bodyOf(
      await productConsole().get<{ data: ProductView[]; nextCursor: null }>("/v1/catalog/products"),
      200,
    );
    expect(nextCursor).toBeNull();
    expect(data.filter((product) => product.id === id)).toEqual([latest]);
    expect(data.map((product) => product.id)).toEqual(expect.arrayContaining(["vserver", "vmonitor"]));
    expect(new Set(data.map((product) => product.id)).size).toBe(data.length);
  });

  it("keeps of a return origin what makes an origin", async () => {
    const product = { ...PRODUCT, returnOrigins: ["https://Console.example:443/deep/path?x=1"] };
    const answer = bodyOf(await put(freshId("prd"), product), 200);
    expect(answer).toMatchObject({ returnOrigins: ["https://console.example"] });
  });

  const byTime = Object.keys(UNIT_MINUTES).filter((unit) => unit !== "GB" && unit !== "connection");
  const pairs = METERINGS.flatMap((metering) =>
    Object.keys(UNIT_MINUTES).map((unit) => {
      const isTimed = metering === "configuration" || metering === "gauge_hours";
      return { metering, unit, fits: isTimed === byTime.includes(unit) };
    }),
  );

  it.each(pairs)("prices $metering per $unit: $fits", async ({ metering, unit, fits }) => {
    const answer = await put(freshId("prd"), {
      ...PRODUCT,
      resourceTypes: [{ ...TYPE, skus: [{ ...SKU, metering, unit }] }],
    });
    if (fits) expect(answer.status).toBe(200);
    else {
      const path = "resourceTypes[0].skus[0].unit";
      expectProblem(answer, { status: 400, code: "invalid_request", path });
    }
  });

  it("says that it doesn't know a product", async () => {
    const unknown = await admin.get("/v1/catalog/products/none");
    expectProblem(unknown, { status: 404, code: "product_not_found" });
  });
});

describe("a coupon", () => {
  it("is answered as it was put, with how often it is used", async () => {
    const rules = {
      percent: "12.5",
      cap: 50_000,
      validFrom: "2026-01-01T07:00:00+07:00",
      validUntil: "2099-01-01T00:00:00Z",
      products: ["vserver"],
      minimumOrder: 90_000,
      limit: 100,
      limitPerAccount: 2,
    };
    const shown = {
      ...rules,
      validFrom: "2026-01-01T00:00:00.000Z",
      validUntil: "2099-01-01T00:00:00.000Z",
    };
    const code = freshId("CPN");
    const path = `/v1/coupons/${code}`;
    expect(bodyOf(await admin.put(path, rules), 200)).toMatchObject({ code, ...shown, used: 0 });
    const account = await openAccount(90_000);
    const order = await account.placeWith(code, {});
    expect(order.total).toBe(78_750);
    expect(bodyOf(await admin.get(path), 200)).toMatchObject({ used: 0 });
    bodyOf(await account.pay(order.id), 200);
    expect(bodyOf(await admin.get(path), 200)).toMatchObject({ code, ...shown, used: 1 });
  });

  it("without limits shows none", async () => {
    const code = freshId("CPN");
    const answer = bodyOf(await admin.put<object>(`/v1/coupons/${code}`, { amount: 5 }), 200);
    expect(answer).toEqual({ code, currency: "VND", amount: 5, used: 0 });
  });

  it("keeps its uses when its rules change", async () => {
    const code = freshId("CPN");
    bodyOf(await admin.put(`/v1/coupons/${code}`, { amount: 1_000 }), 200);
    const account = await openAccount(200_000);
    bodyOf(await account.pay((await account.placeWith(code)).id), 200);
    const changed = bodyOf(await admin.put(`/v1/coupons/${code}`, { percent: "50", limit: 1 }), 200);
    expect(changed).toMatchObject({ percent: "50", limit: 1, used: 1 });
    const order = await account.place();
    expectProblem(await account.change(order.id, { coupon: code }), {
      status: 409,
      code: "coupon_exhausted",
    });
  });

  it("nobody made isn't found", async () => {
    expectProblem(await admin.get("/v1/coupons/NONE"), { status: 404, code: "not_found" });
  });
});

describe("an account", () => {
  const SETTINGS = { email: "an@example.com", name: "Công ty An" };

  it("is opened with what was left out filled in, and shown to its owner", async () => {
    const id = freshId("acc");
    const opened = bodyOf(await admin.put<{ createdAt: string }>(`/v1/accounts/${id}`, SETTINGS), 200);
    const account = {
      id,
      ...SETTINGS,
      billingMode: "prepaid",
      currency: "VND",
      timeZone: "Asia/Ho_Chi_Minh",
      locale: "vi",
      createdAt: opened.createdAt,
    };
    expect(opened).toEqual(account);
    expect(bodyOf(await userOf(id).get(`/v1/accounts/${id}`), 200)).toEqual(account);
    expect(bodyOf(await userOf(id).get(`/v1/accounts/${id}/balance`), 200)).toEqual({
      currency: "VND",
      credit: { available: 0, held: 0, total: 0 },
      poc: { balance: 0, expiresAt: null },
      outstanding: 0,
    });
  });

  it("changes its settings, keeping its age", async () => {
    const account = await openAccount();
    const before = bodyOf(await admin.get<object>(account.path), 200);
    const changed = {
      email: "new@example.com",
      name: "New",
      timeZone: "Europe/Berlin",
      locale: "en",
      postpaidLimit: 5_000_000,
      suspendOverdueDays: 30,
    };
    const after = bodyOf(await admin.put(account.path, changed), 200);
    expect(after).toEqual({ ...before, ...changed });
    expect(bodyOf(await account.user.get(account.path), 200)).toEqual(after);
  });

  it("keeps its currency", async () => {
    const account = await openAccount();
    const refused = await admin.put(account.path, { ...SETTINGS, currency: "USD" });
    expectProblem(refused, { status: 409, code: "account_currency_fixed" });
  });

  it("keeps its time zone while a resource lives", async () => {
    const account = await openAccount(90_000);
    const order = await account.placeAndPay();
    const move = () => admin.put(account.path, { ...SETTINGS, timeZone: "Europe/Berlin" });
    expectProblem(await move(), { status: 409, code: "account_time_zone_fixed" });
    await account.provisionAll(order.id, "failed");
    bodyOf(await move(), 200);
  });

  it("that was never opened isn't found, and has no balance", async () => {
    const none = { status: 404, code: "account_not_found" };
    expectProblem(await admin.get("/v1/accounts/acc_none"), none);
    expectProblem(await userOf("acc_none").get("/v1/accounts/acc_none/balance"), none);
  });
});
