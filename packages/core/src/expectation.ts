import type { Regularization } from "./covariance/regularization.ts";
import { type DensityOptions, densityParameters } from "./density.ts";
import type { Executor } from "./executor.ts";
import { framesOf, type Measure } from "./frames.ts";
import { type KernelProgram, kernelProgram } from "./kernels/dispatch.ts";
import type { Mixture } from "./mixture.ts";
import { type Settled, settled, settling } from "./redo.ts";
import { reduce } from "./reduce.ts";
import { rounded, type SufficientStatistics, statisticsLayout, WEIGHT_TOTAL } from "./sufficient-statistics.ts";

/** The E-step: the sufficient statistics of all points under a mixture, about its means (derivation.md eq. 2–7). */
export async function expectation(executor: Executor, mixture: Mixture): Promise<SufficientStatistics> {
  const statistics = await measured(executor, mixture, { ruleOfZero: true });
  return starved(statistics, mixture) ? measured(executor, mixture, { ruleOfZero: false }) : statistics;
}

/** The E-step with a second look at the components that ask for it (redo.ts). */
export async function estimation(
  executor: Executor,
  mixture: Mixture,
  regularization: Regularization,
): Promise<Settled> {
  const first = await expectation(executor, mixture);
  const again = (measure: Measure) => measured(executor, mixture, { ruleOfZero: false, measure });
  return settled(settling(first, regularization, mixture), again);
}

/** Moments that are not measured from the means are the reference kernel's. */
function measured(executor: Executor, mixture: Mixture, options: DensityOptions): Promise<SufficientStatistics> {
  const { components, features, covarianceType } = mixture;
  const layout = statisticsLayout(components, features, covarianceType);
  const parameters = densityParameters(mixture, options);
  const { measure } = options;
  const program = programFor(
    measure === undefined ? executor : { tiles: executor.tiles, kernel: "reference" },
    mixture,
  );
  const from = measure ?? { pivots: mixture.means, frames: framesOf(mixture) };
  return executor.run({ kind: "expectation", program, parameters }, (slots) =>
    reduce(slots, layout, from.pivots, from.frames),
  );
}

export function programFor(
  { tiles, kernel }: Pick<Executor, "tiles" | "kernel">,
  { components, covarianceType }: Mixture,
): KernelProgram {
  const { features, dtype, tileSize } = tiles;
  return kernelProgram({ features, components, covarianceType, dtype, tileSize }, kernel);
}

/**
 * The guard of the rule of zero, whose loss is bounded by a component's previous mass: where less than 2⁻¹² of that
 * mass is left, the loss might show, and the step is done again without the rule (derivation.md eq. 19).
 */
function starved(statistics: SufficientStatistics, { components, weights }: Mixture): boolean {
  const { responsibilitySums } = statistics.layout;
  const values = rounded(statistics);
  for (let component = 0; component < components; component++) {
    const before = weights[component] * values[WEIGHT_TOTAL];
    if (values[responsibilitySums + component] < before * 2 ** -12) return true;
  }
  return false;
}
