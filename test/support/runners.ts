import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { binaryOf } from "./nodes.ts";

const JEST = "30.5.2";
const TSX = "4.23.15";

/** What runs scripts or tests in Node with a loader of modules of its own, and the arguments with which it asks for the laws. */
export interface Runner {
  readonly name: string;
  readonly command: () => readonly string[];
}

const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");

export const RUNNERS: readonly Runner[] = [
  ...["threads", "forks", "vmThreads"].map(
    (pool): Runner => ({ name: `vitest, ${pool}`, command: () => [vitest, "run", "--globals", "--pool", pool] }),
  ),
  { name: "jest", command: () => ["--experimental-vm-modules", binaryOf("jest", JEST, "bin/jest.js")] },
  { name: "tsx", command: () => [binaryOf("tsx", TSX, "dist/cli.mjs"), "tell-laws.ts"] },
];
