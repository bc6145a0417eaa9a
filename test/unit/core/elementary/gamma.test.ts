import { describe, expect, test } from "vitest";
import { digamma, logGamma } from "../../../../packages/core/src/elementary/gamma.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { ELEMENTARY, worstOf } from "../../../support/elementary.ts";
import { ulpsOff } from "../../../support/precise.ts";
import { preciseDigamma, preciseLogGamma } from "../../../support/precise-gamma.ts";

/** x, log Γ(x), ψ(x) by mpmath with 40 digits. */
const VALUES: readonly (readonly [number, number, number])[] = [
  [1e-300, 690.7755278982137, -9.999999999999999e299],
  [1e-20, 46.051701859880914, -1e20],
  [1e-5, 11.512919692895826, -100000.57719921567],
  [0.01, 4.599479878042022, -100.56088545786868],
  [0.3, 1.0957979948180756, -3.502524222200133],
  [0.5, 0.5723649429247001, -1.9635100260214235],
  [0.75, 0.20328095143129538, -1.0858608797864722],
  [0.999, 0.0005780385328913802, -0.5788618021086455],
  [1, 0, -0.5772156649015329],
  [1.0001, -5.771334222047127e-5, -0.5770511835143348],
  [1.25, -0.09827183642181316, -0.22745353337626542],
  [1.5, -0.12078223763524522, 0.03648997397857652],
  [1.9, -0.03898427592308336, 0.35618416116405965],
  [2, 0, 0.42278433509846713],
  [2.1, 0.04543773854448518, 0.48533596867983236],
  [2.4999, 0.28461255726068263, 0.7031076036885755],
  [2.5, 0.2846828704729192, 0.7031566406452432],
  [3, Math.LN2, 0.9227843350984671],
  [3.7, 1.428072326665388, 1.1671535393615113],
  [5.5, 3.9578139676187165, 1.6110931485817512],
  [8, 8.525161361065415, 2.01564147795561],
  [9.99, 12.779315214350193, 2.250700372831201],
  [10, 12.801827480081469, 2.251752589066721],
  [10.5, 13.940625219403763, 2.3030010342976865],
  [12.25, 18.115669505710894, 2.464154655185369],
  [33.3, 82.60372358165495, 3.490467238520243],
  [100, 359.1342053695754, 4.600161852738087],
  [1234.5, 7550.550901077895, 7.118016231827998],
  [1e5, 1051287.7089736569, 11.512920464961896],
  [1e9, 19723265827.503716, 20.723265836446412],
  [1e15, 3.3538776394910668e16, 34.538776394910684],
  [1e100, 2.2925850929940456e102, 230.25850929940458],
  [1e250, 5.746462732485114e252, 575.6462732485114],
];

describe("the gamma function's logarithm and its derivative", () => {
  test.each(VALUES)("at %d", (x, logarithm, derivative) => {
    expect(logGamma(x)).toBe(logarithm);
    expect(digamma(x)).toBe(derivative);
  });

  test.each(ELEMENTARY.filter(({ name }) => /^(log Γ|ψ)/.test(name)))("are within 1 ulp: $name", (one) => {
    const { ulps, at } = worstOf(one, 1000, randomStream(5, one.name));
    expect(ulps, `${at}`).toBeLessThan(0.6);
  });

  // Where one way of computing gives way to another.
  test.each([0.5, 0.9616321449683622, 1.5, 1.9616321449683622, 2.5, 3.5, 10, 2 ** -60, 2 ** 900])(
    "are within 1 ulp on both sides of %d",
    (border) => {
      for (const x of [border * (1 - 2 ** -53), border, border * (1 + 2 ** -52)]) {
        expect(ulpsOff(logGamma(x), preciseLogGamma(x)), `log Γ(${x})`).toBeLessThan(0.6);
        expect(ulpsOff(digamma(x), preciseDigamma(x)), `ψ(${x})`).toBeLessThan(0.6);
      }
    },
  );

  test("at the ends of the doubles", () => {
    expect([logGamma(Number.MIN_VALUE), digamma(Number.MIN_VALUE)]).toEqual([
      744.4400719213812,
      Number.NEGATIVE_INFINITY,
    ]);
    expect([logGamma(2.5e305), digamma(Number.MAX_VALUE)]).toEqual([1.7555118602376452e308, 709.782712893384]);
    expect(logGamma(Number.MAX_VALUE)).toBe(Number.POSITIVE_INFINITY);
  });
});
