// One fit of more points than fit into 4 GiB. They repeat a pattern, so that everything is known: the mixture, the score and
// the labels are those of the pattern. Prints a line of JSON.
// in: rows, a multiple of PATTERN; features; dtype; "array" or a path to write a .npy to; "on" or "off" the calling thread

import { closeSync, openSync, writeSync } from "node:fs";
import { createEngine, type Dtype, type Engine, GaussianMixture, type LoadedPoints } from "emix";
import { randomStream } from "../../packages/core/src/random.ts";
import { npyBytes } from "../support/io-files.ts";
import { PATTERN } from "./pattern.ts";

const [rowsText, featuresText, dtypeText, place, thread] = process.argv.slice(2);
const [rows, features, dtype] = [Number(rowsText), Number(featuresText), dtypeText as Dtype];

/** Three clouds that overlap, in numbers that 32 bits hold exactly. */
function pattern(): Float64Array | Float32Array {
  const random = randomStream(1, "pattern");
  const numbers = Float32Array.from({ length: PATTERN * features }, (_, i) => {
    const cloud = Math.floor(i / features) % 3;
    return (i % features) % 2 === 0 ? 2 * cloud + random.normal() : random.normal() - cloud;
  });
  return dtype === "f32" ? numbers : Float64Array.from(numbers);
}

function repeated(one: Float64Array | Float32Array): Float64Array | Float32Array {
  const all = dtype === "f32" ? new Float32Array(rows * features) : new Float64Array(rows * features);
  all.set(one);
  for (let filled = one.length; filled < all.length; filled *= 2) all.copyWithin(filled, 0, all.length - filled);
  return all;
}

function writeNpy(path: string, one: Float64Array | Float32Array): void {
  const file = openSync(path, "w");
  const descr = dtype === "f64" ? "<f8" : "<f4";
  writeSync(file, npyBytes({ descr, shape: `(${rows}, ${features})`, data: new Uint8Array(0) }));
  const bytes = Buffer.from(one.buffer);
  const many = Buffer.concat(Array.from({ length: 100 }, () => bytes));
  let left = rows / PATTERN;
  for (; left >= 100; left -= 100) writeSync(file, many);
  for (; left > 0; left--) writeSync(file, bytes);
  closeSync(file);
}

async function loaded(engine: Engine, one: Float64Array | Float32Array): Promise<LoadedPoints> {
  if (place === "array") return engine.load({ data: repeated(one), features });
  writeNpy(place, one);
  return engine.loadFile(place);
}

/** The greatest difference, in parts of the greatest number. */
function difference(actual: Float64Array, expected: Float64Array): number {
  let [largest, apart] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    apart = Math.max(apart, Math.abs(actual[i] - expected[i]));
  }
  return apart / largest;
}

const one = pattern();
await using engine = await createEngine({ offThread: thread === "off" });
const few = { data: one, features };
const start = (await engine.fit(few, { components: 3, seed: 1, maxIterations: 2, tolerance: 0 })).mixture;
const options = { components: 3, initialization: start, maxIterations: 3, tolerance: 0, acceleration: "none" } as const;
const expected = (await engine.fit(few, options)).mixture;
const points = await loaded(engine, one);
const { mixture } = await engine.fit(points, options);
const score = await engine.score(points, { mixture: expected });
const labels = await engine.predict(points, { mixture: expected });
const expectedLabels = expected.predict(few);
let wrong = labels.length === rows ? 0 : rows;
for (let i = 0; i < labels.length; i++) if (labels[i] !== expectedLabels[i % PATTERN]) wrong++;
const parts = (["weights", "means", "covariances"] as const).map((part) => difference(mixture[part], expected[part]));
const plan = engine.plan({ points: rows, features, dtype }, options);
const result = {
  mixture: Math.max(...parts),
  score: Math.abs(score / expected.score(few) - 1),
  labels: wrong,
  finite: GaussianMixture.fromJSON(JSON.parse(JSON.stringify(mixture))).weights.every(Number.isFinite),
  peak: process.resourceUsage().maxRSS * 1024,
  // The caller's own array, and labels, are not part of a plan.
  planned: plan.bytes.peak + (place === "array" ? rows * features * (dtype === "f64" ? 8 : 4) : 0) + rows * 4,
};
console.log(JSON.stringify(result));
