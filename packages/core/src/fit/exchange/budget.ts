import { covarianceParameters } from "../../covariance/covariances.ts";
import { covarianceRow } from "../../covariance/types.ts";
import type { KernelShape } from "../../kernels/kernel.ts";
import { expectationWork } from "../../passes/work.ts";
import type { ExchangeSettings } from "./exchange.ts";
import type { ExchangedStartSettings } from "./plans.ts";

/** How large a start may be. */
export interface StartSize {
  /** points of the sample */
  readonly sample: number;
  /** how many of its kinds are tried */
  readonly kinds: number;
  /** steps of EM on the sample after which no kind begins another round of exchange */
  readonly steps: number;
}

/** A start may cost as much as so many steps of EM on all points, or so many flops, which are about 0.1 s. */
const STEPS_OF_FIT = 8;
const LEAST_BUDGET = 2 ** 31;
/** A kind of start takes about so many steps of EM on its sample, more where it finds much to exchange. */
const STEPS_OF_START = 45;
/** A fit that begins near its end takes about so many steps. */
export const STEPS_OF_REFIT = 10;
/** The M-step of a triangle, in flops of a pass for each d³; and what every step costs besides. */
const MATRIX_FLOPS = 512;
const STEP_FLOPS = 2 ** 20;

const POINTS_PER_PARAMETER = 8;
/** A sample has no more bytes, and no more responsibilities. */
const MOST_BYTES = 8 * 2 ** 20;
const MOST_RESPONSIBILITIES = 2 ** 20;

/**
 * The size of a start, by shapes alone: the sample that is wanted, and as many kinds and steps as the budget allows. A
 * start is first cut down to one kind, then in its sample, then in its steps.
 * in: count, n; shape of the fit
 */
export function startSize(count: number, shape: KernelShape, settings: ExchangedStartSettings): StartSize {
  const budget = Math.max(STEPS_OF_FIT * stepFlops(count, shape), LEAST_BUDGET);
  const wanted = Math.min(sampleSize(shape, settings.leastSample), count);
  const splits = splitFlops(shape, settings.exchange);
  const flops = (sample: number) => startFlops(sample, shape, settings.exchange);
  const kinds = Math.max(1, Math.min(settings.kinds.length, Math.floor(budget / flops(wanted))));
  const sample = Math.max(
    Math.floor(wanted * Math.min(1, budget / flops(wanted))),
    Math.min(wanted, settings.leastSample),
  );
  const steps = Math.floor((budget / kinds - splits) / stepFlops(sample, shape));
  return { sample, kinds, steps: Math.max(0, steps) };
}

/** Roughly how many flops a kind of start takes. */
export function startFlops(sample: number, shape: KernelShape, exchange: ExchangeSettings): number {
  return STEPS_OF_START * stepFlops(sample, shape) + splitFlops(shape, exchange);
}

/** Roughly how many flops a fit takes that begins near its end. */
export function fitFlops(count: number, shape: KernelShape): number {
  return STEPS_OF_REFIT * stepFlops(count, shape);
}

function splitFlops(shape: KernelShape, { split }: ExchangeSettings): number {
  return shape.components * 2 * split.steps * stepFlops(split.points, { ...shape, components: 2 });
}

function stepFlops(count: number, shape: KernelShape): number {
  const { matrix, shared } = covarianceRow(shape.covarianceType);
  const matrices = matrix === "triangle" ? (shared ? 1 : shape.components) : 0;
  return expectationWork(count, shape) + MATRIX_FLOPS * matrices * shape.features ** 2 * shape.features + STEP_FLOPS;
}

/** Eight points for each parameter of the components, or `least` if that is more; less where memory is the limit. */
function sampleSize(shape: KernelShape, least: number): number {
  const { features, components } = shape;
  const parameters = components * (1 + features) + covarianceParameters(shape);
  const wanted = Math.max(least, POINTS_PER_PARAMETER * parameters);
  const most = Math.min(MOST_BYTES / (8 * (features + 1)), MOST_RESPONSIBILITIES / components);
  return Math.floor(Math.min(wanted, Math.max(most, 2 * components)));
}
