import { packedOf } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import type { CovarianceType } from "../covariance/types.ts";
import { zeros } from "../linear-algebra/doubles.ts";
import { type DensityLayout, RULE_SLOPE } from "../mixture/density.ts";
import type { Arithmetic } from "./kernel.ts";
import { FARTHER_SKIN, NEARER_SKIN, SKIN, STAND, TILE_SKIN } from "./pair-lists.ts";

// Where the component of a mixture stands, as the rule of zero sees it: it drops a point x where b − p |y|² < m, with
// y = W (x − μ), p = 31/64 and b = logc · 31/32 + β. How far it may have come nearer to any point since it stood elsewhere
// (derivation.md §18).

/** A component at one step. */
export interface Position {
  readonly covarianceType: CovarianceType;
  /** b: rule of zero at the mean */
  readonly height: number;
  /** the size of the numbers that b was made of */
  readonly heightSize: number;
  /** d each: the pivot, and W times what the pivot leaves of the mean */
  readonly pivot: Float64Array;
  readonly bias: Float64Array;
  /** W, packed */
  readonly factor: Float64Array;
  /** a kernel's |y| is off by at most `relative` · |y| + `absolute` */
  readonly relative: number;
  readonly absolute: number;
  /** ‖W⁻¹‖ or more: |W (x − μ)| ≥ |x − μ| / width */
  readonly width: number;
}

const SLOPE = RULE_SLOPE / 2;
const ROUNDING: Readonly<Record<Arithmetic, number>> = { f64: 2 ** -53, f32: 2 ** -24 };
/** Of the certificate's own arithmetic, far more than it needs. */
const SLACK = 2 ** -30;

/** What positions are found from. */
export interface PositionContext {
  /** `densityLayout`, as a kernel of this arithmetic reads them */
  readonly parameters: Float64Array;
  readonly layout: DensityLayout;
  readonly arithmetic: Arithmetic;
  /** variance inflations, k */
  readonly inflations: Float64Array;
}

/** Finds the position of a component, as wide as it may be; its arrays are views of the parameters. */
export function positionIn({ parameters, layout, arithmetic, inflations }: PositionContext): (c: number) => Position {
  const { features, covarianceType } = layout;
  const factors = parameters.subarray(layout.factors, layout.framed);
  return (component) => {
    const row = (start: number) =>
      parameters.subarray(start + component * features, start + (component + 1) * features);
    const [pivot, bias] = [row(layout.pivots), row(layout.biases)];
    const factor = packedOf(factors, layout, component);
    const logConstant = parameters[layout.logConstants + component];
    const threshold = parameters[layout.zeroThresholds + component];
    const relative = 4 * (features + 3) ** 2 * Math.sqrt(inflations[component]) * ROUNDING[arithmetic];
    const size = lengthOf(bias) + (arithmetic === "f32" ? lengthOf(whitenedRest(covarianceType, factor, pivot)) : 0);
    return {
      covarianceType,
      height: RULE_SLOPE * logConstant + threshold,
      heightSize: Math.abs(logConstant) + Math.abs(threshold),
      pivot,
      bias,
      factor,
      relative,
      absolute: relative * size,
      width: Number.POSITIVE_INFINITY,
    };
  };
}

/** What a kernel must know of the components to prove that they come within the skin of no point of a tile: `PairLists.stands`. */
export function standsOf(context: PositionContext, skin: number = SKIN): Float64Array {
  const { components } = context.layout;
  const stands = new Float64Array(components * STAND.length);
  const position = positionIn(context);
  for (let component = 0; component < components; component++) {
    writeStand(measured(position(component)), component, stands, skin);
  }
  return stands;
}

/** The same position, with its width. */
export function measured(position: Position): Position {
  const { covarianceType, factor, pivot, relative } = position;
  const width = matrixForm(covarianceType).width(factor, pivot.length) * (1 + 2 * relative + SLACK);
  return { ...position, width: relative < 0.25 && width > LEAST_WIDTH ? width : Number.POSITIVE_INFINITY };
}

/** Squares of less lose digits. */
const LEAST_WIDTH = 2 ** -480;

export function writeStand(position: Position, component: number, stands: Float64Array, skin: number = SKIN): void {
  const { covarianceType, height, heightSize, factor, pivot, bias, relative, absolute, width } = position;
  const at = component * STAND.length;
  const features = pivot.length;
  stands[at + STAND.reach] = height + skin + SLACK * (1 + heightSize);
  stands[at + STAND.keep] = (1 - SLACK) * Math.max(0, 1 - 2 * relative);
  stands[at + STAND.absolute] = 2 * absolute;
  const size = Math.sqrt(matrixForm(covarianceType).featuresPerVariance(features)) * lengthOf(factor);
  stands[at + STAND.narrow] = stands[at + STAND.keep] / width;
  stands[at + STAND.away] = (1 + SLACK) * lengthOf(bias) + 2 * absolute;
  stands[at + STAND.spread] = 8 * (features + 2) * ROUNDING.f64 * size;
}

/** W times what 32 bits leave of a pivot. */
function whitenedRest(type: CovarianceType, factor: Float64Array, pivot: Float64Array): Float64Array {
  const rest = pivot.map((value) => value - Math.fround(value));
  const whitened = new Float64Array(rest.length);
  matrixForm(type).multiply(factor, rest, whitened);
  return whitened;
}

/**
 * Makes the test whether a component certainly moved by no more than the skin, as seen from every point that it may reach.
 * in: floor, no more than the references of those points. out: ‖W_before W_now⁻¹‖ or more; 0 if it may have moved farther
 */
export function staying(type: CovarianceType, features: number, floor: number): Stays {
  const form = matrixForm(type);
  const identity = form.isotropic(1, features);
  return (before, now) => {
    const quotient = form.divide(before.factor, now.factor, features);
    let squares = 0;
    for (let i = 0; i < quotient.length; i++) squares += (quotient[i] - identity[i]) * (quotient[i] - identity[i]);
    const change = Math.sqrt(squares) * (1 + SLACK); // ‖A − I‖_F
    const back = (1 + 2 * now.relative) / (1 - change);
    const stays =
      cameNearerBy(NEARER_SKIN, before, now, { floor: floor - TILE_SKIN, turn: 1 + change }) &&
      cameNearerBy(FARTHER_SKIN, now, before, { floor: floor - SKIN, turn: change < 1 ? back : undefined });
    return stays ? (1 + change) * (1 + 2 * now.relative + SLACK) : 0;
  };
}

type Stays = (before: Position, now: Position) => number;

/** What is known of a step. */
interface Seen {
  /** no more than the largest lp of each point that the component may reach */
  readonly floor: number;
  /** ‖W_before W_now⁻¹‖ or more: it is tried first */
  readonly turn?: number | undefined;
}

/**
 * Is it certain that the component came nearer by at most so many nats, to every point that it may reach?
 */
export function cameNearerBy(most: number, before: Position, now: Position, { floor, turn }: Seen): boolean {
  const rise = now.height - before.height;
  const size = 1 + before.heightSize + now.heightSize + Math.abs(floor);
  const squaredReach = (now.height - floor + SLACK * size) / SLOPE;
  // the rule drops the component at all of these points
  if (squaredReach < 0) return true;
  const left = most - rise - SLACK * (size + squaredReach);
  const reach = Math.sqrt(squaredReach);
  // |y| before ≤ stretch · |y| + shift, and p (stretch · reach + shift)² ≤ p · reach² + left
  const allowed = (between: number): number => {
    const shift = (1 + before.relative) * (between + 3 * now.absolute) + before.absolute;
    const stretch = (Math.sqrt(left / SLOPE + squaredReach) - shift) / reach;
    if (!(stretch >= 1 && now.relative < 0.25)) return 0;
    return Math.min(stretch, MOST_STRETCH) * ((1 - now.relative) / (1 + before.relative)) * (1 - now.relative);
  };
  if (turn !== undefined && turn < allowed(shiftAtMost(before, now)) * (1 - SLACK)) return true;
  const form = matrixForm(now.covarianceType);
  const quotient = form.divide(before.factor, now.factor, now.pivot.length);
  const limit = allowed(shiftBetween(before, now, quotient));
  return limit > 0 && form.stretchesBelow(quotient, limit ** 2 * (1 - SLACK), now.pivot.length);
}

/** More is not asked about, for the rounding of `shift` is bounded for so much. */
const MOST_STRETCH = 2;

/** |W_before (x − μ_before)| where W_now (x − μ_now) = 0, or a little more. */
function shiftBetween(before: Position, now: Position, quotient: Float64Array): number {
  const moved = movedBetween(before, now);
  const turned = new Float64Array(moved.length);
  matrixForm(now.covarianceType).multiply(quotient, now.bias, turned);
  const shift = lengthOf(moved.map((value, j) => value + turned[j] - before.bias[j]));
  const rounding = before.relative + now.relative + SLACK;
  return shift + rounding * (lengthOf(moved) + MOST_STRETCH * lengthOf(now.bias) + lengthOf(before.bias));
}

/** The same, or more, without the quotient. */
function shiftAtMost(before: Position, now: Position): number {
  const parts = lengthOf(movedBetween(before, now)) + MOST_STRETCH * lengthOf(now.bias) + lengthOf(before.bias);
  return parts * (1 + before.relative + now.relative + SLACK);
}

/** W_before (μ_now − μ_before), of the pivots. */
function movedBetween(before: Position, now: Position): Float64Array {
  const difference = zeros(now.pivot.length);
  for (let j = 0; j < difference.length; j++) difference[j] = now.pivot[j] - before.pivot[j];
  const moved = zeros(difference.length);
  matrixForm(now.covarianceType).multiply(before.factor, difference, moved);
  return moved;
}

function lengthOf(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] * vector[i];
  return Math.sqrt(sum);
}
