import { MOST_INFLATION } from "../covariance/conditioning.ts";
import { type Covariances, inflationsOf, type Shape } from "../covariance/covariances.ts";
import { scatterLength } from "../covariance/shape.ts";

/**
 * The frames that scatters are taken in (derivation.md §9): of a framed component M = Σ w r u uᵀ with u = F z instead of
 * Σ w r z zᵀ, which keeps the digits of thin directions. Covariances without correlations have none; components that
 * share a covariance share its frame.
 */
export interface Frames {
  /** k: 1 framed, 0 not (F = I); −1, in a second look only: the component is not measured */
  readonly framed: Int8Array;
  /** packed F, as the factors of a mixture; read where framed */
  readonly factors: Float64Array;
}

/** What the moments of a step are measured from. */
export interface Measure {
  /** k × d */
  readonly pivots: Float64Array;
  readonly frames: Frames;
}

/** The frame rule: F = I where the variance inflation max_j Σ_jj (Σ⁻¹)_jj is small, else F = W. */
export function framesOf(given: Shape & Covariances): Frames {
  const framed = Int8Array.from(inflationsOf(given, given), (inflation) => (inflation > MOST_INFLATION ? 1 : 0));
  return framed.includes(1) ? { framed, factors: given.factors } : unframed(given);
}

/** No frames at all. */
export function unframed({ components, features, covarianceType }: Shape): Frames {
  const length = scatterLength(components, features, covarianceType);
  return { framed: new Int8Array(components), factors: new Float64Array(length) };
}

/** Where a measure stands in the parameters of a pass: k flags, k × d pivots, then the frames. */
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

/** Parameters with a measure after them. */
export function withMeasure(parameters: Float64Array, layout: MeasureLayout, measure: Measure): Float64Array {
  const all = new Float64Array(layout.length);
  all.set(parameters.subarray(0, layout.framed));
  all.set(measure.frames.framed, layout.framed);
  all.set(measure.pivots, layout.pivots);
  all.set(measure.frames.factors, layout.frames);
  return all;
}

/** The measure that stands in parameters; pivots and frames are views of them. */
export function measureIn(
  parameters: Float64Array,
  { framed, pivots, frames }: Omit<MeasureLayout, "length">,
  { components, features, covarianceType }: Shape,
): Measure {
  const part = (start: number, length: number) => parameters.subarray(start, start + length);
  const factors = part(frames, scatterLength(components, features, covarianceType));
  return {
    pivots: part(pivots, components * features),
    frames: { framed: Int8Array.from(part(framed, components)), factors },
  };
}
