import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const plainNodeTests = ["test/house.test.ts", "test/domain/**/*.test.ts", "test/cli/**/*.test.ts"];

export default defineConfig({
  test: {
    projects: [
      { test: { name: "domain", include: plainNodeTests, isolate: false } },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                AUTH_SECRET: "test-secret-0123456789-0123456789-0123",
                SANDBOX: "true",
                TEST_MIGRATIONS: await readD1Migrations("migrations"),
              },
            },
          })),
        ],
        test: {
          name: "workers",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: [...plainNodeTests, "test/e2e/**", "test/bench/**"],
          setupFiles: ["test/setup.ts"],
          globalSetup: ["test/support/peer/server.mjs"],
        },
      },
    ],
  },
});
