import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { NODES, nodeAt } from "../support/nodes.ts";

// `pnpm test:nodes`: the kernel and parallel suites on every Node that is supported.

const SUITES = [
  "test/unit/core/kernels",
  "test/unit/workers",
  "test/parallel/determinism.test.ts",
  "test/golden/ott-em.test.ts",
];

const root = new URL("../../", import.meta.url).pathname;
const vitest = join(root, "node_modules/vitest/vitest.mjs");

const failed = NODES.filter((version) => {
  console.log(`\nNode ${version}`);
  return spawnSync(nodeAt(version), [vitest, "run", ...SUITES], { cwd: root, stdio: "inherit" }).status !== 0;
});
console.log(failed.length === 0 ? `\nall of Node ${NODES.join(", ")} pass` : `\nfailed on Node ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
