import { describe, expect, test } from "vitest";
import { adderOfTriangles } from "../../../../packages/core/src/covariance/sum.ts";
import { triangle } from "../../../../packages/core/src/covariance/triangle.ts";
import { diagonal, scalar } from "../../../../packages/core/src/covariance/variances.ts";

const of = (...values: number[]) => Float64Array.from(values);

/** With its factor, as one covariance of two features. */
function matrix(...covariance: number[]) {
  const packed = Float64Array.from(covariance);
  return { covariance: packed, factor: triangle.factorize(packed, 2) as Float64Array };
}

// Both thin along (1, −1), by 2⁻²⁰; so is whatever is made of them and of vectors along (1, 1).
const thin = matrix(1, 1, 1 + 2 ** -20);
const wide = matrix(4, 4, 4 + 2 ** -20);

describe("covariances and outer products, added up", () => {
  test("well-conditioned ones entry by entry", () => {
    const terms = [
      { ...matrix(2, 0, 2), share: 0.5 },
      { ...matrix(1, 0, 3), share: 2 },
    ];
    const { covariance, factor } = adderOfTriangles(2)(terms, [{ share: 3, vector: of(1, -2) }]);
    // 0.5 · [2 0; 0 2] + 2 · [1 0; 0 3] + 3 · [1 −2; −2 4] = [6 −6; −6 19]
    expect([...covariance]).toEqual([6, -6, 19]);
    expect(factor[0]).toBeCloseTo(6 ** -0.5, 15);
    expect(factor[2]).toBeCloseTo(13 ** -0.5, 15);
  });

  test.each([
    [[[2, 3]], 18],
    [
      [
        [2, 3],
        [0.5, -2],
      ],
      20,
    ],
    [
      [
        [0, 3],
        [0.5, -2],
      ],
      2,
    ],
  ])("thin ones by their factors, and outer products with them, %#", (outers, along) => {
    const terms = [
      { ...thin, share: 0.5 },
      { ...wide, share: 0.25 },
    ];
    const vectors = outers.map(([share, x]) => ({ share, vector: of(x, x) }));
    const { covariance, factor } = adderOfTriangles(2)(terms, vectors);
    // 0.5 · 1 + 0.25 · 4 along (1, 1), and what the outer products add; 0.75 · 2⁻²⁰ across
    const most = 1.5 + along;
    const expected = [most, most, most + 0.75 * 2 ** -20];
    covariance.forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(4 * 2 ** -52 * most);
    });
    expect(factor[0] * Math.sqrt(most)).toBeCloseTo(1, 14);
    // The last pivot, 0.75 · 2⁻²⁰: entries added up would keep half of its digits.
    expect(factor[2] * Math.sqrt(0.75) * 2 ** -10).toBeCloseTo(1, 11);
  });

  test("one after the other in the same room", () => {
    const add = adderOfTriangles(2);
    add([{ ...matrix(2, 1, 2), share: 1 }], [{ share: 3, vector: of(1, -2) }]);
    const terms = [{ ...matrix(1, 0, 3), share: 2 }];
    expect(add(terms, [])).toEqual(adderOfTriangles(2)(terms, []));
  });

  test("a singular sum has no finite factor", () => {
    const { factor } = adderOfTriangles(2)([], [{ share: 1, vector: of(1, 1) }]);
    expect(factor.every(Number.isFinite)).toBe(false);
  });
});

describe("of one feature", () => {
  test.each([triangle, diagonal, scalar])("all kinds agree, %#", (form) => {
    const terms = [{ covariance: of(4), factor: of(0.5), share: 2 }];
    expect(form.adder(1)(terms, [{ share: 0.5, vector: of(4) }])).toEqual({ covariance: of(16), factor: of(0.25) });
  });
});
