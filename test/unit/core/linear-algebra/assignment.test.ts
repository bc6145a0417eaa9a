import { describe, expect, test } from "vitest";
import { assignment } from "../../../../packages/core/src/linear-algebra/assignment.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";

/** The least total cost by trying all. */
function leastByTrying(costs: readonly number[], rows: number, columns: number, used: readonly number[] = []): number {
  if (used.length === rows) return 0;
  const choices = Array.from({ length: columns }, (_, column) => column).filter((column) => !used.includes(column));
  return Math.min(
    ...choices.map(
      (column) => costs[used.length * columns + column] + leastByTrying(costs, rows, columns, [...used, column]),
    ),
  );
}

describe("an assignment", () => {
  test.each([
    [1, 1],
    [3, 3],
    [5, 5],
    [6, 6],
    [2, 5],
    [4, 6],
  ])("of %i rows to %i columns costs as little as any", (rows, columns) => {
    const random = randomStream(7, `assignment ${rows} ${columns}`);
    for (let round = 0; round < 30; round++) {
      // Costs of few digits, so that there are ties.
      const costs = Array.from({ length: rows * columns }, () => Math.floor(random.uniform() * 8) - 2);
      const columnOf = assignment(costs, rows, columns);
      expect(new Set(columnOf).size).toBe(rows);
      const total = columnOf.reduce((sum, column, row) => sum + costs[row * columns + column], 0);
      expect(total).toBe(leastByTrying(costs, rows, columns));
    }
  });

  test("finds a permutation of 200", () => {
    const random = randomStream(1, "permutation");
    const order = Array.from({ length: 200 }, (_, i) => i).sort((a, b) => Math.sin(a * a) - Math.sin(b * b));
    const costs = Float64Array.from({ length: 200 * 200 }, (_, i) =>
      order[Math.floor(i / 200)] === i % 200 ? random.uniform() : 1.5 + random.uniform(),
    );
    expect([...assignment(costs, 200, 200)]).toEqual(order);
  });
});
