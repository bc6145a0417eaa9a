import { powerOfTwo } from "../../../elementary/binary.ts";
import type { ConstantPool } from "../language/constants.ts";
import { and, integerAdd, type Lanes, set, shiftLeft, type Variable, type Vector, vector } from "../language/wasm.ts";

// e^(x/2) = 2ⁿ · e^(r/2) with n = ⌊x / 2 ln 2⌉ and |r| ≤ ln 2; e^y for |y| ≤ ln 2 / 2 by its Taylor series economised to
// degree 11 (error 3e-18). The result is within 1.1 ulp for x ≥ LOWEST, exactly 1 at 0, and exactly 0 below LOWEST.
// Half the exponent, because a kernel wants the square root of a responsibility.

/** 2 ln 2 in two parts; n · high is exact */
const PERIOD_HIGH = 2 * 0.6931471803691238;
const PERIOD_LOW = 2 * 1.9082149292705877e-10;
/** Added to a small number, leaves it rounded to an integer in the lowest bits. */
const ROUNDER = 1.5 * 2 ** 52;
/** e^(LOWEST/2) is a normal number; its square is not any more. */
export const LOWEST = -1416;

const EXPONENTIAL_SERIES = [
  1, 1, 0.5000000000000018, 0.16666666666666702, 0.04166666666648665, 0.008333333333309333, 0.0013888888952699812,
  0.000198412699096288, 0.000024801485070974322, 0.0000027557224578181578, 2.763279158266233e-7, 2.5114995951301994e-8,
];
/** by powers of r: halving is exact */
const SERIES = EXPONENTIAL_SERIES.map((coefficient, power) => coefficient * powerOfTwo(-power));

/**
 * e^(x/2) of several vectors side by side, so that their chains of operations overlap.
 * in: x ≤ 1418; out: e^(x/2) in place of x
 */
export function halfExponentials(
  { add, sub, mul, madd, atLeast }: Lanes,
  pool: ConstantPool,
  xs: readonly Variable<"v128">[],
): void {
  const shifted = xs.map((x) => vector(madd(x, pool.splat(1 / (2 * Math.LN2)), pool.splat(ROUNDER))));
  const rests = xs.map((x, i) => reduceArgument(x, shifted[i]));
  const squares = rests.map((r) => vector(mul(r, r)));
  const sums = rests.map((_, i) => vector(pair(SERIES.length - 2, i)));
  for (let power = SERIES.length - 4; power > 0; power -= 2) {
    sums.forEach((sum, i) => {
      set(sum, madd(sum, squares[i], pair(power, i)));
    });
  }
  // 1 last and by itself: r/2 is exact, so there is one rounding of the size of the result
  sums.forEach((sum, i) => {
    set(sum, add(madd(sum, squares[i], mul(rests[i], pool.splat(SERIES[1]))), pool.splat(SERIES[0])));
  });
  xs.forEach((x, i) => {
    const scaled = integerAdd(sums[i], shiftLeft(shifted[i], 52));
    set(x, and(scaled, atLeast(x, pool.splat(LOWEST))));
  });

  /** Two terms of the series by themselves: the chain of operations is half as long as Horner's. */
  function pair(power: number, i: number): Vector {
    return madd(pool.splat(SERIES[power + 1]), rests[i], pool.splat(SERIES[power]));
  }

  function reduceArgument(x: Vector, roundedUp: Vector): Variable<"v128"> {
    const n = vector(sub(roundedUp, pool.splat(ROUNDER)));
    const high = vector(madd(n, pool.splat(-PERIOD_HIGH), x));
    return vector(madd(n, pool.splat(-PERIOD_LOW), high));
  }
}
