import { featuresMismatch } from "../errors.ts";
import type { KernelProgram } from "../kernels/dispatch.ts";
import type { Evaluation } from "../kernels/kernel.ts";
import { listsBetween, type PairLists } from "../kernels/pair-lists.ts";
import { standsOf } from "../kernels/position.ts";
import { resultDoubles, resultIntegers } from "../linear-algebra/result-arrays.ts";
import { densityLayout, densityParameters, logDensityUnit, NEGLIGIBLE } from "../mixture/density.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { logVolume } from "../points/exponents.ts";
import { tileCount } from "../points/tiles.ts";
import { framesOf, inflationsIn } from "../statistics/frames.ts";
import { areMany } from "../statistics/many.ts";
import { type AnyExecutor, isLocal } from "./executor.ts";
import type { EvaluationPass } from "./pass.ts";
import { evaluationProgramFor } from "./program.ts";

/** What can be computed for every point; `Evaluation` has the shapes. */
export type Quantity = keyof Evaluation;

/** The arrays that hold these quantities for every point. */
export type EvaluatedArrays<Q extends Quantity> = Required<Pick<Evaluation, Q>>;

/** Memory for results on their way to the caller's arrays; more where many machines fill it. */
const WINDOW_BYTES = 16 * 2 ** 20;
const REMOTE_WINDOW_BYTES = 2 ** 28;

/**
 * Evaluates every point under a mixture, on all threads of the executor, some tiles at a time.
 * in: a mixture in stored units; top, how many components `topComponents` has for each point. out: densities in the units
 * of the points
 */
export async function evaluate<Q extends Quantity>(
  executor: AnyExecutor,
  mixture: Mixture,
  quantities: readonly Q[],
  top = 0,
): Promise<EvaluatedArrays<Q>> {
  const { count } = executor.tiles;
  const whole = room(count, { ...mixture, top }, quantities);
  await evaluateSome(executor, mixture, { quantities, top }, (part, firstPoint) => {
    for (const quantity of quantities)
      whole[quantity].set(part[quantity], firstPoint * (whole[quantity].length / count));
  });
  return whole;
}

/** What a run of EM knows of the pairs of points and components, and the kernel that knows it. */
export interface KnownPairs extends Pick<EvaluationPass, "program" | "parameters"> {
  readonly lists: PairLists;
}

/** What to evaluate, and what is known. */
export interface EvaluationRequest<Q extends Quantity> {
  readonly quantities: readonly Q[];
  readonly top?: number;
  /** what is known of pairs under this mixture; for evaluations without `logJoint` */
  readonly known?: KnownPairs | undefined;
}

/** As `evaluate`, but `use` gets the results of some points at a time; they are valid until it is done. */
export async function evaluateSome<Q extends Quantity>(
  executor: AnyExecutor,
  mixture: Mixture,
  { quantities, top = 0, known }: EvaluationRequest<Q>,
  use: (part: Room<Q>, firstPoint: number) => void | Promise<void>,
): Promise<void> {
  const { tiles } = executor;
  const sizes = { ...mixture, top };
  const tileBytes = tiles.tileSize * evaluatedBytes(sizes, quantities);
  const total = tileCount(tiles);
  const most = isLocal(executor) ? WINDOW_BYTES : REMOTE_WINDOW_BYTES;
  const atOnce = Math.max(1, Math.min(total, Math.floor(most / tileBytes)));
  const of = known ?? kernelOf(executor, mixture, quantities);
  const unit = logDensityUnit(mixture) + logVolume(tiles.exponents);
  await executor.lend(atOnce * tileBytes, async (memory) => {
    for (let firstTile = 0; firstTile < total; firstTile += atOnce) {
      const endTile = Math.min(firstTile + atOnce, total);
      const points = Math.min(endTile * tiles.tileSize, tiles.count) - firstTile * tiles.tileSize;
      const part = room(points, sizes, quantities, memory);
      const lists = known && listsBetween(known.lists, firstTile, endTile);
      const pass = {
        kind: "evaluation",
        ...of,
        firstTile,
        endTile,
        evaluation: part,
        ...(lists && { lists }),
      } as const;
      await executor.run(pass, () => undefined);
      await use(finish(part, unit), firstTile * tiles.tileSize);
    }
  });
}

/** The kernel of an evaluation, its parameters, and how to find the components that matter where they are many. */
function kernelOf(
  executor: Pick<AnyExecutor, "tiles" | "programs" | "arithmetic">,
  mixture: Mixture,
  quantities: readonly Quantity[],
): Pick<EvaluationPass, "program" | "parameters" | "stands"> {
  const { features } = mixture;
  if (executor.tiles.features !== features) throw featuresMismatch(features, executor.tiles.features);
  // As in an EM step, nearly singular covariances are evaluated in doubles, so that both give the same densities.
  const program = evaluationProgramFor(executor, mixture, framesOf(mixture).framed.includes(1));
  const parameters = densityParameters(mixture);
  const stands = quantities.includes("logJoint") ? undefined : standsFor(program, mixture, parameters);
  return { program, parameters, ...(stands && { stands }) };
}

/** What says which components a tile does not need; undefined where each is computed. in: parameters, of the mixture */
function standsFor(program: KernelProgram, mixture: Mixture, parameters: Float64Array): Float64Array | undefined {
  const { components, features, covarianceType } = mixture;
  if (program.kind === "reference" || !areMany(components)) return undefined;
  const layout = densityLayout(components, features, covarianceType);
  return standsOf({ parameters, layout, arithmetic: program.simd.arithmetic, inflations: inflationsIn(mixture) }, 0);
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

/** How many bytes the quantities of one point take. */
export function evaluatedBytes(sizes: Sizes, quantities: readonly Quantity[]): number {
  return quantities.reduce((sum, quantity) => sum + bytesOf(quantity, sizes), 0);
}

export type Room<Q extends Quantity> = Record<Q, Float64Array | Int32Array> & EvaluatedArrays<Q>;

/** Arrays for the quantities of some points: one after the other in `memory`, or in memory of their own. */
export function room<Q extends Quantity>(
  count: number,
  sizes: Sizes,
  quantities: readonly Q[],
  memory?: ArrayBufferLike,
): Room<Q> {
  let offset = 0;
  // Integers come last: everything before them consists of doubles, which keeps the alignment.
  const ordered = quantities.toSorted((a, b) => Number(INTEGERS.has(a)) - Number(INTEGERS.has(b)));
  const arrays = ordered.map((quantity) => {
    const length = count * WIDTHS[quantity](sizes);
    const integers = INTEGERS.has(quantity);
    if (memory === undefined) return [quantity, integers ? resultIntegers(length) : resultDoubles(length)];
    const at = offset;
    offset += count * bytesOf(quantity, sizes);
    return [quantity, integers ? new Int32Array(memory, at, length) : new Float64Array(memory, at, length)];
  });
  return Object.fromEntries(arrays) as Room<Q>;
}

/**
 * Adds what kernels leave out of log densities, the unit. Kernels have no −∞ either; here a component of weight 0 gets the log
 * joint density −∞.
 */
export function finish<E extends Evaluation>(evaluated: E, unit: number): E {
  const { logDensities, logJoint } = evaluated;
  if (logDensities) for (let i = 0; i < logDensities.length; i++) logDensities[i] += unit;
  if (logJoint) {
    for (let i = 0; i < logJoint.length; i++) {
      logJoint[i] = logJoint[i] <= NEGLIGIBLE ? Number.NEGATIVE_INFINITY : logJoint[i] + unit;
    }
  }
  return evaluated;
}
