import { featuresMismatch } from "../errors.ts";
import { KernelPrograms } from "../kernels/dispatch.ts";
import type { Evaluation } from "../kernels/kernel.ts";
import { KernelCache } from "../kernels/kernel-cache.ts";
import { add, compensatedSums, rounded } from "../linear-algebra/compensated-sum.ts";
import { exponentOf } from "../linear-algebra/powers-of-two.ts";
import { addProduct } from "../linear-algebra/two-product.ts";
import { densityParameters, logDensityUnit, NEGLIGIBLE } from "../mixture/density.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { inStoredUnits } from "../mixture/units.ts";
import type { Exponents } from "../points/exponents.ts";
import { logVolume } from "../points/exponents.ts";
import { type Tiles, tileCount, tilesBetween } from "../points/tiles.ts";
import { programFor } from "../step/expectation.ts";
import { type Executor, runInThread } from "./executor.ts";
import type { EvaluationPass } from "./pass.ts";

/** What to know of every point; see `Evaluation` for shapes. */
export type Quantity = keyof Evaluation;

/** The arrays that hold one quantity of every point. */
export type Evaluated<Q extends Quantity> = Required<Pick<Evaluation, Q>>;

/** Shared memory that evaluations pass through on their way to the caller's. */
const WINDOW_BYTES = 16 * 2 ** 20;

/** Evaluates every point under a mixture, on all threads of the executor, some tiles at a time. */
export async function evaluate<Q extends Quantity>(
  executor: Executor,
  mixture: Mixture,
  quantities: readonly Q[],
): Promise<Evaluated<Q>> {
  const { tiles } = executor;
  const whole = room(tiles.count, mixture, quantities);
  const tileBytes = tiles.tileSize * quantities.reduce((sum, quantity) => sum + bytesOf(quantity, mixture), 0);
  const total = tileCount(tiles);
  const atOnce = Math.max(1, Math.min(total, Math.floor(WINDOW_BYTES / tileBytes)));
  await executor.lend(atOnce * tileBytes, async (memory) => {
    for (let firstTile = 0; firstTile < total; firstTile += atOnce) {
      const endTile = Math.min(firstTile + atOnce, total);
      const window = tilesBetween(tiles, firstTile, endTile);
      const part = room(window.count, mixture, quantities, memory);
      await executor.run(passOf(executor, mixture, part, firstTile, endTile), () => undefined);
      for (const quantity of quantities) {
        const perPoint = part[quantity].length / window.count;
        whole[quantity].set(part[quantity], firstTile * tiles.tileSize * perPoint);
      }
    }
  });
  return finished(whole, mixture, tiles.exponents);
}

/** Kernels compiled for evaluation at once; a memo, so that the same shape is not compiled twice. */
const PROGRAMS = new KernelPrograms();

/** The same on the calling thread, at once. */
export function evaluateNow<Q extends Quantity>(
  tiles: Tiles,
  mixture: Mixture,
  quantities: readonly Q[],
): Evaluated<Q> {
  const evaluation = room(tiles.count, mixture, quantities);
  const executor = { tiles, programs: PROGRAMS, arithmetic: "f64" } as const;
  runInThread(tiles, passOf(executor, mixture, evaluation, 0, tileCount(tiles)), new KernelCache());
  return finished(evaluation, mixture, tiles.exponents);
}

function passOf(
  executor: Pick<Executor, "tiles" | "programs" | "arithmetic">,
  mixture: Mixture,
  evaluation: Evaluation,
  firstTile: number,
  endTile: number,
): EvaluationPass {
  if (executor.tiles.features !== mixture.features) throw featuresMismatch(mixture.features, executor.tiles.features);
  const program = programFor(executor, mixture);
  const parameters = densityParameters(inStoredUnits(mixture, executor.tiles.exponents));
  return { kind: "evaluation", program, parameters, firstTile, endTile, evaluation };
}

function bytesOf(quantity: Quantity, { components }: Mixture): number {
  if (quantity === "labels") return 4;
  return quantity === "logDensities" ? 8 : 8 * components;
}

/** Arrays for the quantities of some points: one after the other in `memory`, or in memory of their own. */
function room<Q extends Quantity>(
  count: number,
  mixture: Mixture,
  quantities: readonly Q[],
  memory?: ArrayBufferLike,
): Record<Q, Float64Array | Int32Array> & Evaluated<Q> {
  let offset = 0;
  // Labels last: what stands before them is made of doubles, and so is the alignment.
  const ordered = quantities.toSorted((a, b) => Number(a === "labels") - Number(b === "labels"));
  const arrays = ordered.map((quantity) => {
    const bytes = count * bytesOf(quantity, mixture);
    const place = memory ?? new ArrayBuffer(bytes);
    const at = memory === undefined ? 0 : offset;
    offset += bytes;
    return [
      quantity,
      quantity === "labels" ? new Int32Array(place, at, bytes / 4) : new Float64Array(place, at, bytes / 8),
    ];
  });
  return Object.fromEntries(arrays) as Record<Q, Float64Array | Int32Array> & Evaluated<Q>;
}

/**
 * Adds what kernels leave out of log densities. They know no −∞ either; a component of weight 0 has log joint density
 * −∞ all the same.
 */
function finished<Q extends Quantity>(evaluated: Evaluated<Q>, mixture: Mixture, exponents: Exponents): Evaluated<Q> {
  const { logDensities, logJoint } = evaluated as Evaluation;
  const unit = logDensityUnit(inStoredUnits(mixture, exponents)) + logVolume(exponents);
  if (logDensities) for (let i = 0; i < logDensities.length; i++) logDensities[i] += unit;
  if (logJoint) {
    for (let i = 0; i < logJoint.length; i++) {
      logJoint[i] = logJoint[i] <= NEGLIGIBLE ? Number.NEGATIVE_INFINITY : logJoint[i] + unit;
    }
  }
  return evaluated;
}

/** Weighted mean log density of all points. */
export async function score(executor: Executor, mixture: Mixture): Promise<number> {
  const { logDensities } = await evaluate(executor, mixture, ["logDensities"]);
  return weightedMean(logDensities, executor.tiles.pointWeights);
}

/** Σ w Σ_c γ_c L_c / Σ w. in: logJoint L and responsibilities γ, n × k; where γ is 0, L may be −∞ */
export function expectedLogLikelihood(
  logJoint: Float64Array,
  responsibilities: ArrayLike<number>,
  components: number,
  weights: ArrayLike<number> | null,
): number {
  const expected = new Float64Array(logJoint.length / components);
  for (let i = 0; i < logJoint.length; i++) {
    if (responsibilities[i] !== 0) expected[Math.floor(i / components)] += responsibilities[i] * logJoint[i];
  }
  return weightedMean(expected, weights);
}

/**
 * Σ w v / Σ w to the last bit or two, however much of it cancels; no weights: the mean. Weights are taken in units near
 * their total, so that none overflows.
 */
export function weightedMean(values: Float64Array, weights: ArrayLike<number> | null): number {
  const total = weightTotal(values.length, weights);
  const unit = 2 ** -exponentOf(total);
  const sum = compensatedSums(1);
  for (let i = 0; i < values.length; i++) {
    const weight = weights === null ? unit : weights[i] * unit;
    if (weight === 0) continue;
    if (values[i] === Number.NEGATIVE_INFINITY) return values[i];
    addProduct(sum, 0, weight, values[i]);
  }
  return rounded(sum)[0] / (total * unit);
}

/** Σ w by compensated sums; no weights: n */
export function weightTotal(count: number, weights: ArrayLike<number> | null): number {
  if (weights === null) return count;
  const total = compensatedSums(1);
  for (let i = 0; i < count; i++) add(total, 0, weights[i]);
  return rounded(total)[0];
}
