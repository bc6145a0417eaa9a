import { featuresMismatch } from "../errors.ts";
import { KernelPrograms } from "../kernels/dispatch.ts";
import type { Evaluation } from "../kernels/kernel.ts";
import { KernelCache } from "../kernels/kernel-cache.ts";
import { positionsOf, standsOf } from "../kernels/position.ts";
import { densityLayout, densityParameters, logDensityUnit, NEGLIGIBLE } from "../mixture/density.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { inStoredUnits } from "../mixture/units.ts";
import type { Exponents } from "../points/exponents.ts";
import { logVolume } from "../points/exponents.ts";
import { type Tiles, tileCount, tilesBetween } from "../points/tiles.ts";
import { framesOf } from "../statistics/frames.ts";
import type { Executor } from "./executor.ts";
import { runInThread } from "./in-thread.ts";
import type { EvaluationPass } from "./pass.ts";
import { programFor } from "./program.ts";

/** What can be computed for every point; `Evaluation` has the shapes. */
export type Quantity = keyof Evaluation;

/** The arrays that hold these quantities for every point. */
export type Evaluated<Q extends Quantity> = Required<Pick<Evaluation, Q>>;

/** Shared memory through which results pass on their way to the caller's arrays. */
const WINDOW_BYTES = 16 * 2 ** 20;

/**
 * Evaluates every point under a mixture, on all threads of the executor, some tiles at a time.
 * in: a mixture in stored units; top, how many components `topComponents` has for each point. out: densities in the units
 * of the points
 */
export async function evaluate<Q extends Quantity>(
  executor: Executor,
  mixture: Mixture,
  quantities: readonly Q[],
  top = 0,
): Promise<Evaluated<Q>> {
  const { count } = executor.tiles;
  const whole = room(count, { ...mixture, top }, quantities);
  await evaluateSome(executor, mixture, { quantities, top }, (part, firstPoint) => {
    for (const quantity of quantities)
      whole[quantity].set(part[quantity], firstPoint * (whole[quantity].length / count));
  });
  return whole;
}

/** As `evaluate`, but `use` gets the results of some points at a time; they are valid until it is done. */
export async function evaluateSome<Q extends Quantity>(
  executor: Executor,
  mixture: Mixture,
  { quantities, top = 0 }: { readonly quantities: readonly Q[]; readonly top?: number },
  use: (part: Room<Q>, firstPoint: number) => void,
): Promise<void> {
  const { tiles } = executor;
  const sizes = { ...mixture, top };
  const tileBytes = tiles.tileSize * quantities.reduce((sum, quantity) => sum + bytesOf(quantity, sizes), 0);
  const total = tileCount(tiles);
  const atOnce = Math.max(1, Math.min(total, Math.floor(WINDOW_BYTES / tileBytes)));
  const of = kernelOf(executor, mixture, quantities);
  await executor.lend(atOnce * tileBytes, async (memory) => {
    for (let firstTile = 0; firstTile < total; firstTile += atOnce) {
      const endTile = Math.min(firstTile + atOnce, total);
      const window = tilesBetween(tiles, firstTile, endTile);
      const part = room(window.count, sizes, quantities, memory);
      await executor.run({ kind: "evaluation", ...of, firstTile, endTile, evaluation: part }, () => undefined);
      use(finish(part, mixture, tiles.exponents), firstTile * tiles.tileSize);
    }
  });
}

/** Kernels compiled for `evaluateNow`, kept so that the same shape is not compiled twice. */
const PROGRAMS = new KernelPrograms();

/** The same in the calling thread, at once. in: a mixture in the units of the points */
export function evaluateNow<Q extends Quantity>(
  tiles: Tiles,
  mixture: Mixture,
  quantities: readonly Q[],
  top = 0,
): Evaluated<Q> {
  const stored = inStoredUnits(mixture, tiles.exponents);
  const evaluation = room(tiles.count, { ...stored, top }, quantities);
  const of = kernelOf({ tiles, programs: PROGRAMS, arithmetic: "f64" }, stored, quantities);
  const pass = { kind: "evaluation", ...of, firstTile: 0, endTile: tileCount(tiles), evaluation } as const;
  runInThread(tiles, pass, new KernelCache());
  return finish(evaluation, stored, tiles.exponents);
}

/** With fewer components, finding out which ones a tile needs would take as long as computing all. */
const LEAST_LISTED = 256;

/** The kernel of an evaluation, its parameters, and how to find the components that matter where they are many. */
function kernelOf(
  executor: Pick<Executor, "tiles" | "programs" | "arithmetic">,
  mixture: Mixture,
  quantities: readonly Quantity[],
): Pick<EvaluationPass, "program" | "parameters" | "stands"> {
  const { components, features, covarianceType } = mixture;
  if (executor.tiles.features !== features) throw featuresMismatch(features, executor.tiles.features);
  // As in an EM step, nearly singular covariances are evaluated in doubles, so that both give the same densities.
  const program = programFor(executor, mixture, framesOf(mixture).framed.includes(1));
  const parameters = densityParameters(mixture);
  if (program.kind === "reference" || components < LEAST_LISTED || quantities.includes("logJoint")) {
    return { program, parameters };
  }
  const layout = densityLayout(components, features, covarianceType);
  const positions = positionsOf(mixture, parameters, layout, program.simd.arithmetic);
  return { program, parameters, stands: standsOf(positions) };
}

/** How many numbers a point has of a quantity. */
interface Sizes {
  readonly components: number;
  readonly top: number;
}

const WIDTHS: { readonly [Q in Quantity]: (sizes: Sizes) => number } = {
  logDensities: () => 1,
  entropies: () => 1,
  logJoint: ({ components }) => components,
  responsibilities: ({ components }) => components,
  topResponsibilities: ({ top }) => top,
  labels: () => 1,
  topComponents: ({ top }) => top,
};

const INTEGERS: ReadonlySet<Quantity> = new Set(["labels", "topComponents"]);

function bytesOf(quantity: Quantity, sizes: Sizes): number {
  return WIDTHS[quantity](sizes) * (INTEGERS.has(quantity) ? 4 : 8);
}

type Room<Q extends Quantity> = Record<Q, Float64Array | Int32Array> & Evaluated<Q>;

/** Arrays for the quantities of some points: one after the other in `memory`, or in memory of their own. */
function room<Q extends Quantity>(
  count: number,
  sizes: Sizes,
  quantities: readonly Q[],
  memory?: ArrayBufferLike,
): Room<Q> {
  let offset = 0;
  // Integers come last: everything before them consists of doubles, which keeps the alignment.
  const ordered = quantities.toSorted((a, b) => Number(INTEGERS.has(a)) - Number(INTEGERS.has(b)));
  const arrays = ordered.map((quantity) => {
    const bytes = count * bytesOf(quantity, sizes);
    const place = memory ?? new ArrayBuffer(bytes);
    const at = memory === undefined ? 0 : offset;
    offset += bytes;
    return [
      quantity,
      INTEGERS.has(quantity) ? new Int32Array(place, at, bytes / 4) : new Float64Array(place, at, bytes / 8),
    ];
  });
  return Object.fromEntries(arrays) as Room<Q>;
}

/**
 * Adds what kernels leave out of log densities. Kernels have no −∞ either; here a component of weight 0 gets the log
 * joint density −∞.
 */
function finish<E extends Evaluation>(evaluated: E, mixture: Mixture, exponents: Exponents): E {
  const { logDensities, logJoint } = evaluated;
  const unit = logDensityUnit(mixture) + logVolume(exponents);
  if (logDensities) for (let i = 0; i < logDensities.length; i++) logDensities[i] += unit;
  if (logJoint) {
    for (let i = 0; i < logJoint.length; i++) {
      logJoint[i] = logJoint[i] <= NEGLIGIBLE ? Number.NEGATIVE_INFINITY : logJoint[i] + unit;
    }
  }
  return evaluated;
}
