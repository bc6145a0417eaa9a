import { packedOf, type Shape } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import { scatterLength } from "../covariance/shape.ts";
import type { CovarianceType } from "../covariance/types.ts";
import { logarithm } from "../elementary/logarithm.ts";
import { zeros } from "../linear-algebra/doubles.ts";
import { exponentOf, timesPower } from "../linear-algebra/powers-of-two.ts";
import { type Frames, type Measure, measureIn, measureLayout, withMeasure } from "../statistics/frames.ts";
import type { Mixture } from "./mixture.ts";
import { expectedLogWeights, uncertainty } from "./posterior.ts";

/**
 * A mixture as the kernels read it, flat in one array so that it crosses to a worker in one copy:
 *   k log constants      log π_c + log det W_c − logDensityUnit, or with a posterior their expectations (`logConstants`)
 *   k zero thresholds    β_c of the rule of zero (derivation.md §4)
 *   k × d pivots         high words of the means
 *   k × d biases         W_c · lo_c, the low words of the means as the factor sees them
 *   factors              W_c = L_c⁻¹, packed as covariances are
 *   framed               k flags, 0 or 1: take the component's scatter of W_c z instead of z (frames.ts)
 * A measured pass, whose moments are taken about other pivots or in other frames, has in the place of the flags:
 *   measure              `measureLayout`: k flags (−1: leave the component out), k × d pivots, frames
 */
export interface DensityLayout extends Shape {
  /** offsets */
  readonly logConstants: number;
  readonly zeroThresholds: number;
  readonly pivots: number;
  readonly biases: number;
  readonly factors: number;
  readonly framed: number;
  /** how many numbers there are without a measure */
  readonly length: number;
}

export function densityLayout(components: number, features: number, covarianceType: CovarianceType): DensityLayout {
  const zeroThresholds = components;
  const pivots = 2 * components;
  const biases = pivots + components * features;
  const factors = biases + components * features;
  const framed = factors + scatterLength(components, features, covarianceType);
  const length = framed + components;
  const shape = { components, features, covarianceType };
  return { ...shape, logConstants: 0, zeroThresholds, pivots, biases, factors, framed, length };
}

/**
 * What the moments of a pass are measured from. Without a measure, moments are measured from the means, and the frames
 * are the factors.
 * in: measured, whether the parameters include a measure
 */
export function measureOf(parameters: Float64Array, layout: DensityLayout, measured: boolean): Measure {
  const { framed, pivots, factors } = layout;
  const places = measured ? measureLayout(framed, layout) : { framed, pivots, frames: factors };
  return measureIn(parameters, places, layout);
}

/** The log constant of a component that can claim no point. It is finite, so that no kernel meets ∞ − ∞. */
export const NEGLIGIBLE = -1e300;

/** Squared distances are limited to this, so that far points have a tiny density and never one of ∞. */
export const FARTHEST = 1e300;

/** A zero threshold that is never met: the step is done without the rule of zero. */
const NO_RULE = 1e301;

/** Added to the threshold of a component, this drops less than 2⁻¹⁷³ of its previous mass and scatter (derivation.md §9). */
export const WIDER = 80;

/**
 * The rule of zero: r = 0 if and only if lp·RULE_SLOPE + β_c < max lp, with β_c = logc/32 − log π_c + 43.18. It drops
 * less than 2⁻⁵⁷ of the component's previous mass and scatter (derivation.md §4).
 */
export const RULE_SLOPE: number = 31 / 32;
const RULE_MARGIN = 43.18;

const LOG_TWO_PI = 1.8378770664093453;

/**
 * Exponents e_j of the features, read from the diagonal of the heaviest component's factor: W_jj 2^(e_j) is near 1.
 * Kernels take log determinants in these units. Scaling a feature by a power of two then changes no bit of a
 * responsibility, and log densities stay small (derivation.md eq. 29).
 */
function featureExponents(mixture: Mixture): Float64Array {
  const { components, features, covarianceType, weights } = mixture;
  let heaviest = 0;
  for (let component = 1; component < components; component++) {
    if (weights[component] > weights[heaviest]) heaviest = component;
  }
  const factor = packedOf(mixture.factors, mixture, heaviest);
  const exponents = matrixForm(covarianceType).diagonal(factor, features);
  for (let j = 0; j < features; j++) exponents[j] = -exponentOf(exponents[j]);
  return exponents;
}

/** What kernels leave out of every log density: −(d/2) log 2π − log 2 · Σ e_j. */
export function logDensityUnit(mixture: Mixture): number {
  const exponents = featureExponents(mixture);
  let total = 0;
  for (let j = 0; j < exponents.length; j++) total += exponents[j];
  return -0.5 * mixture.features * LOG_TWO_PI - Math.LN2 * total;
}

/** log Π_j w_j 2^(e_j): logarithms of numbers in [1, 2), plus all powers of two at once. */
function logProduct(diagonal: Float64Array, exponents: Float64Array): number {
  let fractions = 0;
  let power = 0;
  for (let j = 0; j < diagonal.length; j++) {
    const exponent = exponentOf(diagonal[j]);
    fractions += logarithm(timesPower(diagonal[j], -exponent));
    power += exponent + exponents[j];
  }
  return fractions + Math.LN2 * power;
}

export interface DensityOptions {
  /** false: no responsibility is rounded to 0 */
  readonly ruleOfZero: boolean;
  /** components whose thresholds are wider; default none */
  readonly wider?: readonly number[] | undefined;
  /** frames to take scatters in, given by the factors themselves; default none */
  readonly frames?: Frames;
  /** other pivots and frames for the moments; default the means */
  readonly measure?: Measure;
}

/**
 * log π_c + log det W_c of every component, in units near those of the features. With a posterior, the expectations of
 * both: this is the only difference between variational inference and EM here (derivation.md eq. 2 and 37).
 * out: k; NEGLIGIBLE for a component of weight 0
 */
export function logConstants(mixture: Mixture): Float64Array {
  const { components, features, covarianceType, weights, factors, posterior } = mixture;
  const form = matrixForm(covarianceType);
  const exponents = featureExponents(mixture);
  const logWeights = posterior && expectedLogWeights(posterior);
  const taken = posterior && uncertainty(posterior, features);
  const constants = zeros(components).fill(NEGLIGIBLE);
  const diagonal = zeros(features);
  for (let component = 0; component < components; component++) {
    if (!(weights[component] > 0)) continue;
    form.diagonal(packedOf(factors, mixture, component), features, diagonal);
    const logWeight = logWeights?.[component] ?? logarithm(weights[component]);
    constants[component] = logWeight + logProduct(diagonal, exponents) + (taken?.[component] ?? 0);
  }
  return constants;
}

/** The parameters of a mixture's density, in `densityLayout`; with a measure, those of a measured pass. */
export function densityParameters(
  mixture: Mixture,
  { ruleOfZero, wider = [], frames, measure }: DensityOptions = { ruleOfZero: true },
): Float64Array {
  const { components, features, covarianceType, weights, means, meansResidual, factors } = mixture;
  const layout = densityLayout(components, features, covarianceType);
  const form = matrixForm(covarianceType);
  const parameters = zeros(layout.length);
  parameters.set(logConstants(mixture), layout.logConstants);
  const low = zeros(features);
  for (let component = 0; component < components; component++) {
    const present = weights[component] > 0;
    const logConstant = parameters[layout.logConstants + component];
    const threshold = present ? logConstant / 32 - logarithm(weights[component]) + RULE_MARGIN : 0;
    parameters[layout.zeroThresholds + component] = ruleOfZero || !present ? threshold : NO_RULE;
    const row = component * features;
    for (let j = 0; j < features; j++) low[j] = meansResidual[row + j];
    form.multiply(packedOf(factors, mixture, component), low, low);
    parameters.set(low, layout.biases + row);
  }
  for (const component of wider) parameters[layout.zeroThresholds + component] += WIDER;
  parameters.set(means, layout.pivots);
  parameters.set(factors, layout.factors);
  if (measure !== undefined) return withMeasure(parameters, measureLayout(layout.framed, mixture), measure);
  if (frames !== undefined) parameters.set(frames.framed, layout.framed);
  return parameters;
}
