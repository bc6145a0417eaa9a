import { cosineOfTurns } from "../../packages/core/src/elementary/cosine.ts";
import { exponential } from "../../packages/core/src/elementary/exponential.ts";
import { logarithm } from "../../packages/core/src/elementary/logarithm.ts";
import type { Random } from "../../packages/core/src/random.ts";
import { type Precise, preciseCosineOfTurns, preciseExponential, preciseLogarithm, ulpsOff } from "./precise.ts";

/** A function of core, the same to 60 digits and more, and where arguments are drawn. */
interface Elementary {
  readonly name: string;
  readonly compute: (x: number) => number;
  readonly precise: (x: number) => Precise;
  readonly argument: (random: Random) => number;
}

const between = (least: number, most: number) => (random: Random) => least + (most - least) * random.uniform();
/** of any size down to 2^−50, of both signs */
const small = (random: Random) => (2 * random.uniform() - 1) * 2 ** (-50 * random.uniform());
const power = (least: number, most: number) => (random: Random) =>
  (1 + random.uniform()) * 2 ** Math.floor(between(least, most)(random));

const exp = { compute: exponential, precise: preciseExponential };
const log = { compute: logarithm, precise: preciseLogarithm };
const cos = { compute: cosineOfTurns, precise: preciseCosineOfTurns };

export const ELEMENTARY: readonly Elementary[] = [
  { name: "exp of −1 … 1", ...exp, argument: between(-1, 1) },
  { name: "exp of small numbers", ...exp, argument: small },
  { name: "exp of −708 … 709.78", ...exp, argument: between(-708, 709.78) },
  { name: "exp between two powers of 2", ...exp, argument: (r) => (Math.floor(1000 * r.uniform()) - 500.5) * Math.LN2 },
  { name: "exp below the normal numbers", ...exp, argument: between(-745, -708) },
  { name: "log of ½ … 2", ...log, argument: between(0.5, 2) },
  { name: "log near 1", ...log, argument: (random) => 1 + small(random) / 2 },
  { name: "log of all normal numbers", ...log, argument: power(-1022, 1023) },
  {
    name: "log below the normal numbers",
    ...log,
    argument: (random) => Math.ceil(random.uniform() * 2 ** 52) * 2 ** -1074,
  },
  { name: "cos of 0 … 1 turn", ...cos, argument: between(0, 1) },
  { name: "cos near quarters", ...cos, argument: (r) => Math.abs(Math.floor(4 * r.uniform()) / 4 + small(r) / 8) },
];

/** The largest error on so many arguments, in units of the last place, and where it is. */
export function worstOf(
  { compute, precise, argument }: Elementary,
  count: number,
  random: Random,
): { readonly ulps: number; readonly at: number } {
  let [ulps, at] = [0, Number.NaN];
  for (let i = 0; i < count; i++) {
    const x = argument(random);
    const error = ulpsOff(compute(x), precise(x));
    if (!(error <= ulps)) [ulps, at] = [error, x];
  }
  return { ulps, at };
}
