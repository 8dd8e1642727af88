import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

describe("the worker", () => {
  it("answers /healthz", async () => {
    const answer = await exports.default.fetch("http://edge-billing.test/healthz");
    expect(answer.status).toBe(200);
  });

  it("runs with the secret and the switch of the tests, whatever .dev.vars holds", () => {
    expect(env.AUTH_SECRET).toBe("test-secret-0123456789-0123456789-0123");
    expect(env.SANDBOX).toBe("true");
  });
});
