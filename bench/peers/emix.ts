// emix as one more peer: the line protocol of peer.py.

import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { CovarianceType, KernelKind } from "@emix/core";
import { openEmix } from "../support/emix.ts";
import { peakMemory, restartPeak } from "../support/memory.ts";
import { readNpy } from "../support/npy.ts";

const [folder, threads, kernel] = process.argv.slice(2);
const load = (name: string) => readNpy(path.join(folder, `${name}.npy`));
const tell = (answer: object) => process.stdout.write(`${JSON.stringify(answer)}\n`);

const start = {
  covarianceType: readFileSync(path.join(folder, "covariance-type"), "utf8") as CovarianceType,
  weights: load("weights"),
  means: load("means"),
  covariances: load("covariances"),
};
const emix = await openEmix({ threads: Number(threads), kernel: kernel as KernelKind | undefined });
const given = { data: load("points"), features: start.means.length / start.weights.length };
const base = restartPeak();
const points = await emix.load(given);

tell({ versions: { node: process.versions.node, kernel: kernel ?? "default" } });
for await (const line of createInterface({ input: process.stdin })) {
  const began = performance.now();
  const before = process.cpuUsage();
  const logLikelihood = await points.steps(start, Number(line));
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  tell({ seconds, cpuSeconds: (user + system) / 1e6, logLikelihood, memory: peakMemory() - base });
}
await emix.close();
