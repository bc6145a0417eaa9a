import { featuresMismatch } from "../errors.ts";
import type { Evaluation } from "../kernels/kernel.ts";
import { densityParameters, logDensityUnit, NEGLIGIBLE } from "../mixture/density.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { logVolume } from "../points/exponents.ts";
import { tileCount } from "../points/tiles.ts";
import { framesOf } from "../statistics/frames.ts";
import type { AnyExecutor } from "./executor.ts";
import type { EvaluationPass } from "./pass.ts";
import { evaluationProgramFor } from "./program.ts";

/** What can be computed for every point; `Evaluation` has the shapes. */
export type Quantity = keyof Evaluation;

/** The arrays that hold these quantities for every point. */
export type Evaluated<Q extends Quantity> = Required<Pick<Evaluation, Q>>;

/** Shared memory through which results pass on their way to the caller's arrays. */
const WINDOW_BYTES = 16 * 2 ** 20;

/**
 * Evaluates every point under a mixture, on all threads of the executor, some tiles at a time.
 * in: a mixture in stored units. out: densities in the units of the points
 */
export async function evaluate<Q extends Quantity>(
  executor: AnyExecutor,
  mixture: Mixture,
  quantities: readonly Q[],
): Promise<Evaluated<Q>> {
  const { count } = executor.tiles;
  const whole = room(count, mixture, quantities);
  await evaluateSome(executor, mixture, quantities, (part, firstPoint) => {
    for (const quantity of quantities)
      whole[quantity].set(part[quantity], firstPoint * (whole[quantity].length / count));
  });
  return whole;
}

/** As `evaluate`, but `use` gets the results of some points at a time; they are valid until it is done. */
export async function evaluateSome<Q extends Quantity>(
  executor: AnyExecutor,
  mixture: Mixture,
  quantities: readonly Q[],
  use: (part: Room<Q>, firstPoint: number) => void,
): Promise<void> {
  const { tiles } = executor;
  const tileBytes = tiles.tileSize * quantities.reduce((sum, quantity) => sum + bytesOf(quantity, mixture), 0);
  const total = tileCount(tiles);
  const atOnce = Math.max(1, Math.min(total, Math.floor(WINDOW_BYTES / tileBytes)));
  const of = kernelOf(executor, mixture);
  const unit = logDensityUnit(mixture) + logVolume(tiles.exponents);
  await executor.lend(atOnce * tileBytes, async (memory) => {
    for (let firstTile = 0; firstTile < total; firstTile += atOnce) {
      const endTile = Math.min(firstTile + atOnce, total);
      const points = Math.min(endTile * tiles.tileSize, tiles.count) - firstTile * tiles.tileSize;
      const part = room(points, mixture, quantities, memory);
      await executor.run({ kind: "evaluation", ...of, firstTile, endTile, evaluation: part }, () => undefined);
      use(finish(part, unit), firstTile * tiles.tileSize);
    }
  });
}

/** The kernel of an evaluation, and its parameters. */
function kernelOf(
  executor: Pick<AnyExecutor, "tiles" | "programs" | "arithmetic">,
  mixture: Mixture,
): Pick<EvaluationPass, "program" | "parameters"> {
  if (executor.tiles.features !== mixture.features) throw featuresMismatch(mixture.features, executor.tiles.features);
  // As in an EM step, nearly singular covariances are evaluated in doubles, so that both give the same densities.
  const program = evaluationProgramFor(executor, mixture, framesOf(mixture).framed.includes(1));
  return { program, parameters: densityParameters(mixture) };
}

function bytesOf(quantity: Quantity, { components }: Mixture): number {
  if (quantity === "labels") return 4;
  return quantity === "logDensities" ? 8 : 8 * components;
}

export type Room<Q extends Quantity> = Record<Q, Float64Array | Int32Array> & Evaluated<Q>;

/** Arrays for the quantities of some points: one after the other in `memory`, or in memory of their own. */
export function room<Q extends Quantity>(
  count: number,
  mixture: Mixture,
  quantities: readonly Q[],
  memory?: ArrayBufferLike,
): Room<Q> {
  let offset = 0;
  // Labels come last: everything before them consists of doubles, which keeps the alignment.
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
