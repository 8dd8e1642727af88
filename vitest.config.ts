import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const plainNodeTests = [
  "test/house.test.ts",
  "test/migrations.test.ts",
  "test/texts/translations.test.ts",
  "test/domain/**/*.test.ts",
  "test/cli/**/*.test.ts",
  "test/gateways/*-{callbacks,requests}.test.ts",
];

/** What the worker logs in every test's course; any other line of its log says that something is wrong. */
const ROUTINE_EVENTS = /^\{"event":"(?:request|alert)",.*\}$/;

/** Nothing here is timed: a test may take as long as a busy machine needs. */
const SLOW_MACHINE_MS = 30_000;
/** The worker is its own payment provider, as a sandbox is. */
const ORIGIN = "http://edge-billing.test";
const GATEWAYS = {
  PUBLIC_URL: ORIGIN,
  TOKEN_ENCRYPTION_KEY: "token-key-0123456789-0123456789-0123",
  MOMO_BASE_URL: ORIGIN,
  MOMO_PARTNER_CODE: "MOMOTEST",
  MOMO_ACCESS_KEY: "momo-access-key",
  MOMO_SECRET_KEY: "momo-secret-key-of-32-characters",
  ZALOPAY_BASE_URL: ORIGIN,
  ZALOPAY_APP_ID: "2553",
  ZALOPAY_KEY1: "zalopay-key1",
  ZALOPAY_KEY2: "zalopay-key2",
  VNPAY_BASE_URL: ORIGIN,
  VNPAY_TMN_CODE: "VNPTEST1",
  VNPAY_HASH_SECRET: "vnpay-hash-secret",
  STRIPE_BASE_URL: ORIGIN,
  STRIPE_SECRET_KEY: "sk_test_edge_billing",
  STRIPE_WEBHOOK_SECRET: "whsec_edge_billing",
};

export default defineConfig({
  test: {
    onConsoleLog: (log) =>
      !log
        .trimEnd()
        .split("\n")
        .every((line) => ROUTINE_EVENTS.test(line)),
    projects: [
      { test: { name: "domain", include: plainNodeTests, isolate: false } },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                AUTH_SECRET: "test-secret-0123456789-0123456789-0123",
                LINK_SECRET: "link-secret-0123456789-0123456789-0123",
                SANDBOX: "true",
                ...GATEWAYS,
                TEST_MIGRATIONS: await readD1Migrations("migrations"),
              },
            },
          })),
        ],
        test: {
          name: "workers",
          // A hundred files, of which every test file would read each.
          deps: { optimizer: { ssr: { enabled: true, include: ["stripe"] } } },
          testTimeout: SLOW_MACHINE_MS,
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: [...plainNodeTests, "test/e2e/**", "test/bench/**"],
          setupFiles: ["test/setup.ts"],
          globalSetup: ["test/support/peer/server.mjs"],
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/support/start.ts"],
          // They share a worker and its clock. After the parallel ones, which would take the processor from the browser.
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
    ],
  },
});
