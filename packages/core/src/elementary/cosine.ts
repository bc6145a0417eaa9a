import { polynomial } from "./polynomial.ts";

// cos 2πt for a number of turns t: less a whole number of quarters, exactly, an angle of at most an eighth is left, which is
// taken in two parts. Taylor series of the sine and the cosine. Additions and products alone: the bits are the same
// wherever JavaScript runs.

/** 2π: the first with 27 bits, so that its product with a number of 24 bits is exact */
const TURN_HIGH = 6.283185303211212;
const TURN_LOW = 3.968374318722162e-9;

/** cos 2πt, within 1 ulp. in: turns, |t| ≤ 2⁵⁰ */
export function cosineOfTurns(turns: number): number {
  const forward = Math.abs(turns);
  const quarter = Math.floor(4 * forward + 0.5);
  const t = forward - quarter / 4;
  const upper = Math.fround(t);
  const high = upper * TURN_HIGH;
  const low = (t - upper) * TURN_HIGH + t * TURN_LOW;
  const angle = high + low;
  const rest = high - angle + low;
  // cos(x + π/2) = −sin x, cos(x + π) = −cos x
  const turned = quarter % 4;
  const value = turned % 2 === 1 ? sine(angle, rest) : cosine(angle, rest);
  return turned === 1 || turned === 2 ? 0 - value : value;
}

/** cos(angle + rest). in: |angle| ≤ π/4 */
function cosine(angle: number, rest: number): number {
  const square = angle * angle;
  const half = 0.5 * square;
  const whole = 1 - half;
  return whole + (1 - whole - half + (square * square * polynomial(square, COSINE) - angle * rest));
}

/** sin(angle + rest). in: |angle| ≤ π/4 */
function sine(angle: number, rest: number): number {
  const square = angle * angle;
  return angle + (angle * square * polynomial(square, SINE) + rest * (1 - 0.5 * square));
}

/** 1/4!, −1/6!, … */
const COSINE = Float64Array.of(
  1 / 24,
  -1 / 720,
  1 / 40320,
  -1 / 3628800,
  1 / 479001600,
  -1 / 87178291200,
  1 / 20922789888000,
  -1 / 6402373705728000,
);

/** −1/3!, 1/5!, … */
const SINE = Float64Array.of(
  -1 / 6,
  1 / 120,
  -1 / 5040,
  1 / 362880,
  -1 / 39916800,
  1 / 6227020800,
  -1 / 1307674368000,
  1 / 355687428096000,
);
