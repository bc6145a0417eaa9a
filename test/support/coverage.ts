import { bootstrap, doAlone, type Executor, type GaussianMixture, resolveBootstrap, standardErrors } from "@emix/core";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { inThreadExecutor } from "./in-thread-executor.ts";
import { fittedTo } from "./likeliest.ts";

/** How many fits, of how many points, with how many resamples; none: by the observed information alone. */
export interface CoverageSize {
  readonly fits: number;
  readonly count: number;
  readonly resamples: number;
}

/** The shares of intervals that hold the truth. */
export interface Coverage {
  readonly weights: number;
  readonly means: number;
  readonly covariances: number;
}

const PARTS = ["weights", "means", "covariances"] as const;
const NORMAL_95 = 1.959964;

/** Of 95 % intervals for the parameters of a mixture, each fit to points that are drawn from it. */
export async function coverageOf(truth: GaussianMixture, { fits, count, resamples }: CoverageSize) {
  const byBootstrap = counters();
  const byInformation = counters();
  for (let seed = 0; seed < fits; seed++) {
    const points = { data: truth.sample(count, { seed }).points, features: truth.features };
    const executor = inThreadExecutor(tilePoints(points), "simd");
    const mixture = await fittedTo(executor.tiles, truth);
    const errors = await standardErrors(executor, mixture.parameters);
    const spreads = resamples === 0 ? null : await bootstrapOf(executor, mixture, { resamples, seed });
    for (const part of PARTS) {
      truth[part].forEach((value, i) => {
        const away = Math.abs(mixture[part][i] - value);
        byInformation.count(part, away <= NORMAL_95 * errors[part][i]);
        if (spreads === null) return;
        byBootstrap.count(part, spreads[part].lower[i] <= value && value <= spreads[part].upper[i]);
      });
    }
  }
  return { bootstrap: byBootstrap.shares(), information: byInformation.shares() };
}

async function bootstrapOf(
  executor: Executor,
  mixture: GaussianMixture,
  settings: { resamples: number; seed: number },
) {
  const plan = resolveBootstrap(mixture.parameters, { ...settings, tolerance: 1e-9 });
  const run = bootstrap(executor, plan, (job) => doAlone(executor, job));
  for (;;) {
    const next = await run.next();
    if (next.done) return next.value;
  }
}

function counters() {
  const inside = { weights: 0, means: 0, covariances: 0 };
  const all = { ...inside };
  return {
    count(part: (typeof PARTS)[number], holds: boolean): void {
      all[part]++;
      if (holds) inside[part]++;
    },
    shares: (): Coverage => ({
      weights: inside.weights / all.weights,
      means: inside.means / all.means,
      covariances: inside.covariances / all.covariances,
    }),
  };
}
