import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

// `pnpm test:nodes`: the kernel and parallel suites on every Node that the libraries support, its binaries from npm.

const VERSIONS = ["22.18.0", "24.21.0", "26.10.0"];
const SUITES = [
  "test/unit/core/kernels",
  "test/unit/workers",
  "test/parallel/determinism.test.ts",
  "test/golden/ott-em.test.ts",
];

const root = new URL("../../", import.meta.url).pathname;
const platform = process.platform === "win32" ? "win" : process.platform;
const vitest = join(root, "node_modules/vitest/vitest.mjs");

/** The path of a Node of this version, installed beside the project's other packages. */
function install(version: string): string {
  const name = `node-${platform}-${process.arch}`;
  const prefix = join(root, "node_modules/.cache/nodes", version);
  const binary = join(prefix, "node_modules", name, "bin", platform === "win" ? "node.exe" : "node");
  if (!existsSync(binary)) run("npm", ["install", "--no-audit", "--no-fund", "--prefix", prefix, `${name}@${version}`]);
  return binary;
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { cwd: root, stdio: "inherit" }).status === 0;
}

const failed = VERSIONS.filter((version) => {
  console.log(`\nNode ${version}`);
  return !run(install(version), [vitest, "run", ...SUITES]);
});
console.log(
  failed.length === 0 ? `\nall of Node ${VERSIONS.join(", ")} pass` : `\nfailed on Node ${failed.join(", ")}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
