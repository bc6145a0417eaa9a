import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cheapestPlan } from "../../../../packages/core/src/queries/coupling.ts";

/** The least cost of moving whole units, by trying all ways. */
function leastCost(costs: number[][], supplies: number[], demands: number[]): number {
  const from = supplies.findIndex((units) => units > 0);
  if (from < 0) return 0;
  const ways = demands.flatMap((wanted, to) => {
    if (wanted === 0) return [];
    const left = supplies.with(from, supplies[from] - 1);
    return [costs[from][to] + leastCost(costs, left, demands.with(to, wanted - 1))];
  });
  return Math.min(...ways);
}

describe("the cheapest plan", () => {
  test("costs as little as the best of all ways, and moves everything", () => {
    const cell = fc.integer({ min: 0, max: 9 });
    const problem = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
      .chain(([rows, columns]) =>
        fc.tuple(
          fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
          fc.array(fc.integer({ min: 0, max: rows - 1 }), { minLength: 1, maxLength: 6 }),
          fc.infiniteStream(fc.integer({ min: 0, max: columns - 1 })),
        ),
      );
    fc.assert(
      fc.property(problem, ([costs, sources, targets]) => {
        const supplies = costs.map((_, row) => sources.filter((source) => source === row).length);
        const demands = costs[0].map(() => 0);
        for (const _ of sources) demands[targets.next().value as number]++;
        const flat = Float64Array.from(costs.flat());
        const { plan, cost } = cheapestPlan(flat, Float64Array.from(supplies), Float64Array.from(demands));
        expect(cost).toBeCloseTo(leastCost(costs, supplies, demands), 10);
        const columns = demands.length;
        supplies.forEach((units, row) => {
          expect(plan.subarray(row * columns, (row + 1) * columns).reduce((a, b) => a + b, 0)).toBeCloseTo(units, 12);
        });
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
