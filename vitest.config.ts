import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "threads",
    setupFiles: ["test/support/examples.ts"],
    testTimeout: 60_000,
    server: { deps: { external: [/\/packages\/[^/]+\/src\//] } },
  },
});
