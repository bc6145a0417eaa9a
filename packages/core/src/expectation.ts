import { densityParameters } from "./density.ts";
import type { Executor } from "./executor.ts";
import type { KernelProgram } from "./kernels/dispatch.ts";
import type { Mixture } from "./mixture.ts";
import { expectationWork } from "./passes/pass.ts";
import { reduce } from "./reduce.ts";
import { rounded, type SufficientStatistics, statisticsLayout, WEIGHT_TOTAL } from "./sufficient-statistics.ts";

/** The E-step: the sufficient statistics of all points under a mixture, about its means (derivation.md eq. 2–7). */
export async function expectation(executor: Executor, mixture: Mixture): Promise<SufficientStatistics> {
  const statistics = await measure(executor, mixture, true);
  return starved(statistics, mixture) ? measure(executor, mixture, false) : statistics;
}

function measure(executor: Executor, mixture: Mixture, ruleOfZero: boolean): Promise<SufficientStatistics> {
  const { components, features, covarianceType, means } = mixture;
  const layout = statisticsLayout(components, features, covarianceType);
  const parameters = densityParameters(mixture, { ruleOfZero });
  const program = programFor(executor, mixture);
  return executor.run({ kind: "expectation", program, parameters }, (slots) => reduce(executor, slots, layout, means));
}

export function programFor(
  { tiles, programs, arithmetic }: Pick<Executor, "tiles" | "programs" | "arithmetic">,
  { components, covarianceType }: Mixture,
): KernelProgram {
  const { features, dtype, tileSize } = tiles;
  const shape = { features, components, covarianceType, dtype, tileSize };
  return programs.get(shape, expectationWork(tiles.count, shape), arithmetic);
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
