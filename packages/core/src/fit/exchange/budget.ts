import { covarianceParameters } from "../../covariance/covariances.ts";
import { covarianceRow } from "../../covariance/types.ts";
import type { KernelShape } from "../../kernels/kernel.ts";
import { expectationWork } from "../../passes/work.ts";
import type { ExchangeSettings } from "./exchange.ts";
import { type ExchangedStartSettings, type StartKind, THIN_KINDS } from "./plans.ts";

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
/** One of a single kind may cost more: a fit from a poor start takes such numbers of steps in many features. */
const STEPS_OF_SINGLE = 48;
/** A kind of start takes about so many steps of EM on its sample, more where it finds much to exchange. */
const STEPS_OF_START = 45;
/** A fit that begins near its end takes about so many steps. */
export const STEPS_OF_REFIT = 10;
/** The M-step of a triangle, in flops of a pass for each d³; and what every step costs besides. */
const MATRIX_FLOPS = 512;
const STEP_FLOPS = 2 ** 20;

const POINTS_PER_PARAMETER = 8;
/** With fewer points for each feature of each component, covariances follow the sample more than what it was drawn from. */
const POINTS_PER_FEATURE = 20;
/** With fewer, exchange of full covariances is a matter of luck. */
const FEWEST_PER_FEATURE = 8;
/** A sample has no more bytes, and no more responsibilities. */
const MOST_BYTES = 8 * 2 ** 20;
const MOST_RESPONSIBILITIES = 2 ** 20;

/**
 * The size of a start, by shapes alone: the sample that is wanted, and as many kinds and steps as the budget allows. A
 * start is first cut down to one kind, then in its sample, but not to fewer points than its covariances need, then in its
 * steps.
 * in: count, n; shape of the fit
 */
export function startSize(count: number, shape: KernelShape, settings: ExchangedStartSettings): StartSize {
  const step = stepFlops(count, shape);
  const least = Math.max(settings.leastSample, POINTS_PER_FEATURE * pointsForMatrices(shape));
  const wanted = Math.min(sampleSize(shape, least), count);
  const splits = splitFlops(shape, settings.exchange);
  const flops = (sample: number) => startFlops(sample, shape, settings.exchange);
  const several = Math.max(STEPS_OF_FIT * step, LEAST_BUDGET);
  const kinds = Math.max(1, Math.min(settings.kinds.length, Math.floor(several / flops(wanted))));
  const budget = kinds === 1 ? Math.max(STEPS_OF_SINGLE * step, several) : several;
  const sample = Math.max(Math.floor(wanted * Math.min(1, budget / flops(wanted))), Math.min(wanted, least));
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

/** k(d + 1), if every component has a triangle of its own; 0: a shared or diagonal covariance needs few points. */
function pointsForMatrices({ components, features, covarianceType }: KernelShape): number {
  const { matrix, shared } = covarianceRow(covarianceType);
  return matrix === "triangle" && !shared ? components * (features + 1) : 0;
}

/** Exchange, with as many points in a split as two covariances of this shape need. in: count, n */
export function exchangeFor(exchange: ExchangeSettings, count: number, shape: KernelShape): ExchangeSettings {
  const { components } = shape;
  const wanted = Math.min((2 * POINTS_PER_FEATURE * pointsForMatrices(shape)) / components, (2 * count) / components);
  return { ...exchange, split: { ...exchange.split, points: Math.max(exchange.split.points, Math.floor(wanted)) } };
}

/** Has a sample too few points for covariances of this shape? */
export function isThin(sample: number, shape: KernelShape): boolean {
  return sample < FEWEST_PER_FEATURE * pointsForMatrices(shape);
}

/** What a start is made of. */
interface Start {
  readonly kinds: readonly StartKind[];
  readonly exchange: ExchangeSettings & { readonly steps: number };
  /** points of the sample */
  readonly sample: number;
  /** whether these are too few for the covariances that are exchanged, and all points are more */
  readonly isThin: boolean;
}

/** in: count, n; isFree, whether covariances may have another shape while components are exchanged */
export function startFor(
  count: number,
  shape: KernelShape,
  { isFree, ...settings }: ExchangedStartSettings & { readonly isFree: boolean },
): Start {
  const own = { ...settings, exchange: exchangeFor(settings.exchange, count, shape) };
  const { sample, kinds, steps } = startSize(count, shape, own);
  // With so few points, full covariances are singular wherever a fit starts.
  const areTooFew = count <= pointsForMatrices(shape);
  const sampleIsThin = isThin(sample, shape);
  if (!isFree || areTooFew || !sampleIsThin) {
    const exchange = { ...own.exchange, steps };
    return { kinds: settings.kinds.slice(0, kinds), exchange, sample, isThin: sampleIsThin && sample < count };
  }
  const thin = startSize(count, { ...shape, covarianceType: "diag" }, { ...settings, kinds: THIN_KINDS });
  const { exchange } = settings;
  return {
    kinds: THIN_KINDS.slice(0, thin.kinds),
    exchange: { ...exchange, steps: thin.steps },
    sample: thin.sample,
    isThin: false,
  };
}
