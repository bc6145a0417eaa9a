import {
  em,
  type FitOptions,
  type FlatPoints,
  fit,
  GaussianMixture,
  inThreadExecutor,
  type KernelKind,
  type MixtureParameters,
  resolveFitOptions,
  startFrom,
  tilePoints,
} from "@emix/core";

/** All that benches ask of emix; the one place that knows how it is asked. */
export interface Emix {
  readonly threads: number;
  /** Takes exactly `count` EM steps. out: mean log-likelihood of the mixture that the last step began with */
  steps(start: MixtureParameters, count: number): Promise<number>;
  fit(options: FitOptions): Promise<FitOutcome>;
  close(): Promise<void>;
}

export interface FitOutcome {
  readonly iterations: number;
  readonly converged: boolean;
  readonly lowerBound: number;
}

export interface EmixOptions {
  readonly threads: number;
  readonly kernel: KernelKind | undefined;
}

/** An engine with these points loaded. (Until the engine is here: the calling thread, whatever `threads` says.) */
export async function openEmix(points: FlatPoints, { threads, kernel }: EmixOptions): Promise<Emix> {
  const executor = inThreadExecutor(tilePoints(points), kernel);
  return {
    threads,
    async steps(start, count) {
      const { parameters } = GaussianMixture.fromParameters(start);
      let bound = Number.NaN;
      for await (const step of em(executor, startFrom(parameters), { tolerance: 0, maxIterations: count })) {
        bound = step.lowerBound;
      }
      return bound;
    },
    async fit(options) {
      const run = fit(executor, resolveFitOptions(options));
      for (;;) {
        const step = await run.next();
        if (step.done) return step.value;
      }
    },
    close: async () => {},
  };
}
