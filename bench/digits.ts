import { type Executor, em, GaussianMixture, KernelPrograms, type Mixture, plainRulesFor, startFrom } from "@emix/core";
import { roundSums } from "../packages/core/src/linear-algebra/compensated-sum.ts";
import { factorizeMixture } from "../packages/core/src/mixture/mixture.ts";
import { reduce } from "../packages/core/src/passes/reduce.ts";
import { tilePoints } from "../packages/core/src/points/tiling.ts";
import { framesOf } from "../packages/core/src/statistics/frames.ts";
import { type SufficientStatistics, statisticsLayout } from "../packages/core/src/statistics/sufficient-statistics.ts";
import { expectationPass } from "../packages/core/src/step/expectation.ts";
import type { Rules } from "../packages/core/src/step/rules.ts";
import { compilers } from "../packages/workers/src/kernels/compile.ts";
import { inThreadExecutor } from "../test/support/in-thread-executor.ts";
import { draw } from "./data.ts";
import { kernelKinds, numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { interleaved } from "./support/measure.ts";
import { describeOutsideLoad } from "./support/outside-load.ts";
import { short, Table } from "./support/table.ts";
import { customWorkload } from "./support/workloads.ts";

const FLAGS = ["count", "features", "components", "kernel", "repeats", "steps"];

/**
 * What a step gives up for its digits: EM as a fit does it (second look, floor, verdicts of collapse, means as two doubles)
 * against the same E-step with the M-step of a textbook, on one core.
 */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const count = wholeNumber(flags.count, 200_000);
  const components = wholeNumber(flags.components, 16);
  const steps = wholeNumber(flags.steps, 3);
  console.log(describeMachine());
  const table = new Table({ kernel: 9, d: 3, "plain ms": 8, "ours ms": 8, cost: 6 });
  let load = 0;
  for (const kernel of kernelKinds(flags.kernel, ["simd", "simd256"])) {
    for (const features of numbers(flags.features, [4, 8, 16, 64])) {
      const { points, start } = draw(
        customWorkload({ count, features, components, covarianceType: "full", spread: 0.35 }),
      );
      const executor: Executor = {
        ...inThreadExecutor(tilePoints(points)),
        programs: new KernelPrograms({ kernel }, compilers()),
      };
      const from = GaussianMixture.fromParameters(start).parameters;
      const rules = { ...(await plainRulesFor(executor, 1e-12)), maxIterations: steps };
      const tasks = [
        { name: "plain", run: () => plainSteps(executor, from, steps) },
        { name: "ours", run: () => ourSteps(executor, from, rules) },
      ];
      const { times, outsideLoad } = await interleaved(tasks, wholeNumber(flags.repeats, 10));
      load = Math.max(load, outsideLoad);
      const [plain, ours] = tasks.map(({ name }) => Math.min(...(times.get(name) ?? [])) / steps);
      const cost = `${(100 * (ours / plain - 1)).toFixed(1)} %`;
      table.print({ kernel, d: String(features), "plain ms": short(plain), "ours ms": short(ours), cost });
    }
  }
  console.log(`${count} points, ${components} components, full; a step of the first ${steps}, second looks included.`);
  console.log(describeOutsideLoad(load));
}

async function ourSteps(executor: Executor, start: Mixture, rules: Rules) {
  for await (const _ of em(executor, startFrom(start), rules));
  return undefined;
}

async function plainSteps(executor: Executor, start: Mixture, steps: number) {
  let mixture = start;
  for (let i = 0; i < steps; i++) mixture = plainMaximization(await plainExpectation(executor, mixture), mixture);
  return undefined;
}

/** One pass. */
function plainExpectation(executor: Executor, mixture: Mixture): Promise<SufficientStatistics> {
  const layout = statisticsLayout(mixture.components, mixture.features, mixture.covarianceType);
  const measure = { pivots: mixture.means, frames: framesOf(mixture) };
  const pass = expectationPass(executor, mixture, { ruleOfZero: true });
  return executor.run(pass, (slots) => reduce(executor, slots, layout, measure));
}

/** N, s/N, S/N − δδᵀ and a Cholesky factor; full covariances. */
function plainMaximization(statistics: SufficientStatistics, before: Mixture): Mixture {
  const { components, features } = before;
  const { responsibilitySums, weightedSums, scatter } = statistics.layout;
  const sums = roundSums(statistics);
  const masses = sums.slice(responsibilitySums, weightedSums);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const shifts = sums.slice(weightedSums, scatter).map((sum, i) => sum / masses[Math.floor(i / features)]);
  const packedCovariances = sums.slice(scatter);
  for (let component = 0, at = 0; component < components; component++) {
    const shift = shifts.subarray(component * features, (component + 1) * features);
    for (let i = 0; i < features; i++) {
      for (let j = 0; j <= i; j++, at++) {
        packedCovariances[at] = packedCovariances[at] / masses[component] - shift[i] * shift[j];
      }
    }
  }
  const means = before.means.map((mean, i) => mean + shifts[i]);
  return factorizeMixture({ ...before, weights: masses.map((mass) => mass / total), means, packedCovariances });
}
