import { cosineOfTurns } from "../../packages/core/src/elementary/cosine.ts";
import { exponential } from "../../packages/core/src/elementary/exponential.ts";
import { digamma, logGamma } from "../../packages/core/src/elementary/gamma.ts";
import { logarithm } from "../../packages/core/src/elementary/logarithm.ts";
import { power } from "../../packages/core/src/elementary/power.ts";
import { halfExponentials, LOWEST } from "../../packages/core/src/kernels/simd/arithmetic/exponential.ts";
import { logarithm as vectorLogarithm } from "../../packages/core/src/kernels/simd/arithmetic/logarithm.ts";
import type { Random } from "../../packages/core/src/random.ts";
import {
  type Precise,
  preciseCosineOfTurns,
  preciseExponential,
  preciseLogarithm,
  precisePower,
  ulpsOff,
} from "./precise.ts";
import { preciseDigamma, preciseLogGamma } from "./precise-gamma.ts";
import { vectorFunction } from "./vector-function.ts";

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
const normal = (least: number, most: number) => (random: Random) =>
  (1 + random.uniform()) * 2 ** Math.floor(between(least, most)(random));

/** by size */
const wide = (least: number, most: number) => (random: Random) => 2 ** between(least, most)(random);

const gamma = { compute: logGamma, precise: preciseLogGamma };
const psi = { compute: digamma, precise: preciseDigamma };
/** The argument is the base; the exponent follows from it, so that the power is any normal number. */
function exponentFor(base: number): number {
  const size = Math.log2(base);
  return size === 0 ? 1 : (2040 * ((Math.abs(base) * 2 ** -Math.floor(size) * 1e9) % 1) - 1020) / size;
}
const pow = {
  compute: (base: number) => power(base, exponentFor(base)),
  precise: (base: number) => precisePower(base, exponentFor(base)),
};
const rootOf = (components: number) => ({
  compute: (features: number) => power(components, -2 / features),
  precise: (features: number) => precisePower(components, -2 / features),
});

const exp = { compute: exponential, precise: preciseExponential };
const log = { compute: logarithm, precise: preciseLogarithm };
/** of the SIMD kernels, with products and sums fused or not */
const simd = [true, false].flatMap((fused): Elementary[] => {
  const half = vectorFunction((lanes, pool, x) => {
    halfExponentials(lanes, pool, [x]);
    return x;
  }, fused);
  const natural = vectorFunction((lanes, pool, x) => vectorLogarithm(lanes, pool, x), fused);
  const exp = { compute: (x: number) => half([x])[0], precise: (x: number) => preciseExponential(x / 2) };
  const log = { compute: (x: number) => natural([x])[0], precise: preciseLogarithm };
  const how = fused ? "fused" : "not fused";
  return [
    { name: `SIMD e^(x/2) of −1 … 0, ${how}`, ...exp, argument: between(-1, 0) },
    { name: `SIMD e^(x/2) of −1416 … 0, ${how}`, ...exp, argument: between(LOWEST, 0) },
    { name: `SIMD log of ½ … 2, ${how}`, ...log, argument: between(0.5, 2) },
    { name: `SIMD log of all normal numbers, ${how}`, ...log, argument: normal(-1022, 1023) },
  ];
});

const cos = { compute: cosineOfTurns, precise: preciseCosineOfTurns };

export const ELEMENTARY: readonly Elementary[] = [
  { name: "exp of −1 … 1", ...exp, argument: between(-1, 1) },
  { name: "exp of small numbers", ...exp, argument: small },
  { name: "exp of −708 … 709.78", ...exp, argument: between(-708, 709.78) },
  { name: "exp between two powers of 2", ...exp, argument: (r) => (Math.floor(1000 * r.uniform()) - 500.5) * Math.LN2 },
  { name: "exp below the normal numbers", ...exp, argument: between(-745, -708) },
  { name: "log of ½ … 2", ...log, argument: between(0.5, 2) },
  { name: "log near 1", ...log, argument: (random) => 1 + small(random) / 2 },
  { name: "log of all normal numbers", ...log, argument: normal(-1022, 1023) },
  {
    name: "log below the normal numbers",
    ...log,
    argument: (random) => Math.ceil(random.uniform() * 2 ** 52) * 2 ** -1074,
  },
  { name: "cos of 0 … 1 turn", ...cos, argument: between(0, 1) },
  { name: "cos near quarters", ...cos, argument: (r) => Math.abs(Math.floor(4 * r.uniform()) / 4 + small(r) / 8) },
  { name: "power, of all sizes", ...pow, argument: wide(-1022, 1023) },
  { name: "power, base near 1", ...pow, argument: (random) => 1 + small(random) / 2 },
  { name: "power 7 ** (−2/d)", ...rootOf(7), argument: (random) => Math.ceil(4096 * random.uniform()) },
  { name: "log Γ of 0 … 10", ...gamma, argument: between(2 ** -50, 10) },
  { name: "log Γ near 1 and 2", ...gamma, argument: (r) => 1.5 + (r.uniform() < 0.5 ? 0.5 : -0.5) + small(r) / 4 },
  { name: "log Γ of all sizes", ...gamma, argument: wide(-1022, 1010) },
  { name: "ψ of 0 … 10", ...psi, argument: between(2 ** -50, 10) },
  { name: "ψ near its zero", ...psi, argument: (random) => 1.4616321449683622 * (1 + small(random) / 4) },
  { name: "ψ of all sizes", ...psi, argument: wide(-100, 1023) },
  ...simd,
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
