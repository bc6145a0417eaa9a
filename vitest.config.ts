import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Programs that tests start find their sources compiled, but not where coverage is counted, which that would blur.
const cache = fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url));

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // A process for each file: flags of V8 that packed kernels need hold for a process, and V8 aborts where another thread
    // optimises WebAssembly meanwhile.
    pool: "forks",
    // Most tests wait for processes and threads of their own, so two files at once share two cores well.
    maxWorkers: 2,
    setupFiles: ["test/support/examples.ts"],
    testTimeout: 60_000,
    env: process.env.NODE_V8_COVERAGE === undefined ? { NODE_COMPILE_CACHE: cache } : {},
    server: { deps: { external: [/\/packages\/[^/]+\/src\//] } },
  },
});
