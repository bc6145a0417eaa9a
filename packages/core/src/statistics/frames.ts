import { MOST_INFLATION } from "../covariance/conditioning.ts";
import { type Covariances, inflationsOf, matrixOf, owners, packedOf, type Shape } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import { scatterLength } from "../covariance/shape.ts";
import { zeros } from "../linear-algebra/doubles.ts";

/**
 * The frames in which scatters are taken (derivation.md §9). For a component with a frame F, M = Σ w r u uᵀ with u = F
 * z replaces Σ w r z zᵀ, which keeps the digits of thin directions. Covariances without correlations have no frames.
 * Components that share a covariance share its frame.
 */
export interface Frames {
  /** k: 1 with a frame, 0 without (F = I); −1, in a second look only: the component is not measured */
  readonly framed: Int8Array;
  /** F, packed like the factors of a mixture; read only for components with a frame */
  readonly factors: Float64Array;
}

/** What the moments of a step are measured from. */
export interface Measure {
  /** k × d */
  readonly pivots: Float64Array;
  readonly frames: Frames;
}

/** The frame rule: F = I if the variance inflation max_j Σ_jj (Σ⁻¹)_jj is small, otherwise F = W. */
export function framesOf(given: Shape & Covariances): Frames {
  const inflations = inflationsIn(given);
  const framed = new Int8Array(given.components);
  for (let component = 0; component < framed.length; component++) {
    if (inflations[component] > MOST_INFLATION) framed[component] = 1;
  }
  return framed.includes(1) ? { framed, factors: given.factors } : noFrames(given);
}

/** The variance inflations that were computed or told, by mixture: a step asks for them twice. */
const known = new WeakMap<Covariances, Float64Array>();

/** Tells the variance inflations of a mixture that somebody found. in: inflations, k */
export function tellInflations(given: Shape & Covariances, inflations: Float64Array): void {
  known.set(given, inflations);
}

/** The variance inflations of a mixture, k. */
export function inflationsIn(given: Shape & Covariances): Float64Array {
  const inflations = known.get(given) ?? inflationsOf(given, given);
  known.set(given, inflations);
  return inflations;
}

/**
 * The same as scatters were taken: in the frame of a component, where it has one. Rounding is the same in all directions
 * there, however little width the points alone leave in some. out: k
 */
export function inflationsInFrames(given: Shape & Covariances, { framed, factors }: Frames): Float64Array {
  const form = matrixForm(given.covarianceType);
  const inflations = inflationsOf(given, given);
  for (const group of owners(given)) {
    const own = inflations[group[0]];
    if (!(framed[group[0]] > 0 && own > MOST_INFLATION)) continue;
    const frame = packedOf(factors, given, group[0]);
    const inFrame = form.inflationInFrame(matrixOf(given, given, group[0]), frame, given.features);
    for (const component of group) inflations[component] = Math.min(own, inFrame);
  }
  return inflations;
}

/** No frames at all. */
export function noFrames({ components, features, covarianceType }: Shape): Frames {
  const length = scatterLength(components, features, covarianceType);
  return { framed: new Int8Array(components), factors: zeros(length) };
}

/** Where a measure is in the parameters of a pass: k flags, k × d pivots, then the frames. */
export interface MeasureLayout {
  readonly framed: number;
  readonly pivots: number;
  readonly frames: number;
  readonly length: number;
}

export function measureLayout(offset: number, { components, features, covarianceType }: Shape): MeasureLayout {
  const pivots = offset + components;
  const frames = pivots + components * features;
  return { framed: offset, pivots, frames, length: frames + scatterLength(components, features, covarianceType) };
}

/** Appends a measure to parameters. */
export function withMeasure(parameters: Float64Array, layout: MeasureLayout, measure: Measure): Float64Array {
  const all = new Float64Array(layout.length);
  all.set(parameters.subarray(0, layout.framed));
  all.set(measure.frames.framed, layout.framed);
  all.set(measure.pivots, layout.pivots);
  all.set(measure.frames.factors, layout.frames);
  return all;
}

/** The measure in parameters; pivots and frames are views. */
export function measureIn(
  parameters: Float64Array,
  { framed, pivots, frames }: Omit<MeasureLayout, "length">,
  { components, features, covarianceType }: Shape,
): Measure {
  const factors = parameters.subarray(frames, frames + scatterLength(components, features, covarianceType));
  const flags = new Int8Array(components);
  for (let component = 0; component < components; component++) flags[component] = parameters[framed + component];
  return {
    pivots: parameters.subarray(pivots, pivots + components * features),
    frames: { framed: flags, factors },
  };
}
