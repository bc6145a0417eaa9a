import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createEngine, type FitResult } from "emix";
import { readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { writeNpy } from "./support/npy.ts";
import { python } from "./support/python.ts";
import { randomNumbers } from "./support/random.ts";
import { short, Table } from "./support/table.ts";

interface Case {
  readonly count: number;
  readonly features: number;
  readonly components: number;
  readonly covarianceType: "full" | "tied";
  readonly dtype: "f64" | "f32";
}

/** Wide and short: up to 2,000 features, and as few as 10 points. */
const SHAPES: readonly (readonly [number, number, number])[] = [
  [10, 200, 2],
  [50, 300, 3],
  [100, 400, 3],
  [500, 500, 4],
  [24, 1000, 2],
  [200, 700, 3],
  [100, 2000, 2],
];

const KINDS = [
  { covarianceType: "full", dtype: "f64" },
  { covarianceType: "tied", dtype: "f64" },
  { covarianceType: "full", dtype: "f32" },
] as const;

const CASES: readonly Case[] = KINDS.flatMap((kind) =>
  SHAPES.map(([count, features, components]) => ({ count, features, components, ...kind })),
).slice(0, 20);

const SCRIPT = path.join(import.meta.dirname, "peers", "wide.py");

/** Fits of data that are wider than long, beside scikit-learn, with the mixture's bound computed once more by numpy. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, ["threads", "repeats"]);
  const repeats = wholeNumber(flags.repeats, 2);
  console.log(describeMachine());
  const table = new Table({
    shape: 16,
    type: 6,
    s: 8,
    sklearn: 8,
    "÷ sklearn": 9,
    bound: 14,
    "off by": 9,
    "sklearn's": 12,
  });
  const engine = await createEngine({ threads: wholeNumber(flags.threads, 2) });
  try {
    for (const one of CASES) {
      const data = pointsOf(one);
      const { components, covarianceType } = one;
      let seconds = Number.POSITIVE_INFINITY;
      let result: FitResult | undefined;
      for (let round = 0; round < repeats; round++) {
        const begun = performance.now();
        result = await engine.fit({ data, features: one.features }, { components, covarianceType });
        seconds = Math.min(seconds, (performance.now() - begun) / 1000);
      }
      if (result !== undefined) printCase(table, one, seconds, result.lowerBound, askPython(one, data, result));
    }
  } finally {
    await engine.close();
  }
  console.log(
    "Seconds, the least of each. off by: the bound that numpy finds for the same mixture, less ours, relative.",
  );
}

interface Peer {
  readonly seconds: number;
  readonly bound: number;
  /** of the mixture of emix */
  readonly check: number;
}

function printCase(table: Table, one: Case, seconds: number, bound: number, peer: Peer): void {
  table.print({
    shape: `${one.count} × ${one.features} k${one.components}`,
    type: `${one.covarianceType === "full" ? "full" : "tied"} ${one.dtype === "f32" ? "f32" : ""}`.trim(),
    s: short(seconds),
    sklearn: short(peer.seconds),
    "÷ sklearn": short(seconds / peer.seconds),
    bound: bound.toFixed(4),
    "off by": ((peer.check - bound) / Math.abs(bound)).toExponential(0),
    "sklearn's": peer.bound.toFixed(2),
  });
}

/** Groups about random centres. */
function pointsOf({ count, features, components, dtype }: Case): Float64Array | Float32Array {
  const random = randomNumbers(`wide ${count} ${features}`);
  const centres = new Float64Array(components * features);
  const noise = new Float64Array(count * features);
  random.fillNormal(centres);
  random.fillNormal(noise);
  const data = dtype === "f32" ? new Float32Array(noise.length) : new Float64Array(noise.length);
  for (let i = 0, at = 0; i < count; i++) {
    const own = (i % components) * features;
    for (let j = 0; j < features; j++, at++) data[at] = 3 * centres[own + j] + noise[at];
  }
  return data;
}

function askPython(
  { count, features, components, covarianceType }: Case,
  data: Float64Array | Float32Array,
  { mixture }: FitResult,
): Peer {
  const interpreter = python();
  if (interpreter === undefined) throw new Error("scikit-learn is not installed: run pnpm bench:setup.");
  const folder = mkdtempSync(path.join(tmpdir(), "emix-wide-"));
  try {
    const { weights, means, covariances } = mixture;
    writeNpy(path.join(folder, "points.npy"), data, [count, features]);
    writeNpy(path.join(folder, "weights.npy"), weights, [components]);
    writeNpy(path.join(folder, "means.npy"), means, [components, features]);
    const matrices = covariances.length / features ** 2;
    writeNpy(path.join(folder, "covariances.npy"), covariances, [matrices, features, features]);
    const { status, stdout, stderr } = spawnSync(interpreter, [SCRIPT, folder, String(components), covarianceType], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Peer;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
