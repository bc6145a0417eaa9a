import {
  type FitOptions,
  type FlatPoints,
  GaussianMixture,
  type KernelKind,
  type MixtureParameters,
  type Tiles,
} from "@emix/core";
import type { Engine } from "@emix/workers";
import { createEngine } from "../../packages/workers/src/engine/engine.ts";

/** All that benches ask of emix; the one place that knows how it is asked. */
export interface Emix {
  readonly threads: number;
  /** Points, ready for many runs. */
  load(points: FlatPoints): Promise<Loaded>;
  close(): Promise<void>;
}

interface Loaded {
  readonly tiles: Tiles;
  /** Takes exactly `count` EM steps. out: mean log-likelihood of the mixture that the last step began with */
  steps(start: MixtureParameters, count: number): Promise<number>;
  fit(options: FitOptions): Promise<FitOutcome>;
}

export interface FitOutcome {
  readonly iterations: number;
  readonly converged: boolean;
  readonly lowerBound: number;
}

export interface EmixOptions {
  readonly threads: number;
  /** default: the engine's own choice */
  readonly kernel?: KernelKind | undefined;
}

/** An engine in this process; its threads start with the first work for them. */
export async function openEmix({ threads, kernel }: EmixOptions): Promise<Emix> {
  const engine = await createEngine({ threads, offThread: false, ...(kernel !== undefined && { kernel }) });
  return {
    threads,
    load: async (given) => loadInto(engine, given),
    close: () => engine.close(),
  };
}

async function loadInto(engine: Engine, given: FlatPoints): Promise<Loaded> {
  const points = await engine.load(given);
  return {
    tiles: points.tiles,

    async steps(start, count) {
      const mixture = GaussianMixture.fromParameters(start);
      let bound = Number.NaN;
      const onStep = (step: { lowerBound: number }) => {
        bound = step.lowerBound;
      };
      await engine.fitModelEm(points, { mixture, steps: count, onStep });
      return bound;
    },

    async fit(options) {
      const { iterations, converged, lowerBound } = await engine.fit(points, options);
      return { iterations, converged, lowerBound };
    },
  };
}
