import type { Regularization } from "../covariance/regularization.ts";
import type { Prior } from "../fit/prior.ts";
import type { KernelProgram } from "../kernels/dispatch.ts";
import type { KernelShape } from "../kernels/kernel.ts";
import { rounded } from "../linear-algebra/compensated-sum.ts";
import { type DensityOptions, densityParameters, logDensityUnit } from "../mixture/density.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { inStoredUnits } from "../mixture/units.ts";
import type { Executor } from "../passes/executor.ts";
import { expectationWork } from "../passes/pass.ts";
import { reduce } from "../passes/reduce.ts";
import { logVolume } from "../points/exponents.ts";
import type { Tiles } from "../points/tiles.ts";
import { framesOf, type Measure } from "../statistics/frames.ts";
import { addLogDensity, type SufficientStatistics, statisticsLayout } from "../statistics/sufficient-statistics.ts";
import { sharesOf } from "./prior/update.ts";
import { type Settled, settled, settling } from "./second-look.ts";

/**
 * The E-step: the sufficient statistics of all points under a mixture, about its means (derivation.md eq. 2–7), in the
 * units of stored points.
 */
export function expectation(executor: Executor, mixture: Mixture): Promise<SufficientStatistics> {
  return guarded(executor, inStoredUnits(mixture, executor.tiles.exponents));
}

async function guarded(executor: Executor, mixture: Mixture, prior?: Prior): Promise<SufficientStatistics> {
  const statistics = await measured(executor, mixture, { ruleOfZero: true });
  return starved(statistics, mixture, prior) ? measured(executor, mixture, { ruleOfZero: false }) : statistics;
}

/** The E-step with a second look at the components that ask for it (redo.ts), updated by a prior. */
export async function estimation(
  executor: Executor,
  mixture: Mixture,
  regularization: Regularization,
  prior?: Prior,
): Promise<Settled> {
  const stored = inStoredUnits(mixture, executor.tiles.exponents);
  const first = await guarded(executor, stored, prior);
  const again = (measure: Measure) => measured(executor, stored, { ruleOfZero: false, measure });
  return settled(settling(first, { regularization, old: stored, prior }), again);
}

/** in: a mixture in stored units. f32 arithmetic knows neither frames nor measures: f64 serves such a pass. */
async function measured(executor: Executor, mixture: Mixture, options: DensityOptions): Promise<SufficientStatistics> {
  const { components, features, covarianceType } = mixture;
  const layout = statisticsLayout(components, features, covarianceType);
  const { tiles, programs } = executor;
  const { pivots, frames } = options.measure ?? { pivots: mixture.means, frames: framesOf(mixture) };
  const plain = options.measure === undefined && !frames.framed.includes(1);
  const parameters = densityParameters(mixture, { ...options, frames });
  const program = programFor({ tiles, programs, arithmetic: plain ? executor.arithmetic : "f64" }, mixture);
  const pass = { kind: "expectation", program, parameters, measured: options.measure !== undefined } as const;
  const statistics = await executor.run(pass, (slots) => reduce(executor, slots, layout, pivots, frames));
  addLogDensity(statistics, logDensityUnit(mixture) + logVolume(tiles.exponents));
  return statistics;
}

export function programFor(
  { tiles, programs, arithmetic }: Pick<Executor, "tiles" | "programs" | "arithmetic">,
  mixture: Mixture,
): KernelProgram {
  const shape = shapeOf(tiles, mixture);
  return programs.get(shape, expectationWork(tiles.count, shape), arithmetic);
}

function shapeOf({ features, dtype, tileSize }: Tiles, { components, covarianceType }: Mixture): KernelShape {
  return { features, components, covarianceType, dtype, tileSize };
}

/**
 * The guard of the rule of zero, whose loss is bounded by a component's previous share: where less than 2⁻¹² of that
 * share is left, prior included, the loss might show, and the step is done again without the rule (derivation.md eq. 19).
 */
function starved(statistics: SufficientStatistics, { weights }: Mixture, prior: Prior | undefined): boolean {
  const { layout } = statistics;
  const masses = rounded(statistics).subarray(layout.responsibilitySums, layout.weightedSums);
  const shares = sharesOf(masses, prior, layout);
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.some((share, component) => share < weights[component] * total * 2 ** -12);
}
