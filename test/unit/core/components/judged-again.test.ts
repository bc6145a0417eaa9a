import { expect, test } from "vitest";
import { withJudged } from "../../../../packages/core/src/components/judged-again.ts";
import { judge } from "../../../../packages/core/src/components/judgement.ts";
import { partOf } from "../../../../packages/core/src/components/part.ts";
import { resolutionOf } from "../../../../packages/core/src/components/resolution/resolution.ts";
import { randomStream } from "../../../../packages/core/src/random.ts";
import { statisticsLayout } from "../../../../packages/core/src/statistics/sufficient-statistics.ts";
import { regularizationOf } from "../../../support/regularization.ts";
import { statisticsOf } from "../../../support/statistics.ts";

/** Nine components in two features, every third of them on a line. */
function question(seed: string) {
  const random = randomStream(seed, "judged-again");
  const layout = statisticsLayout(9, 2, "full");
  const sums = new Float64Array(layout.length);
  for (let c = 0; c < 9; c++) {
    const [x, y] = [random.normal(), random.normal()];
    sums[layout.responsibilitySums + c] = 4;
    sums.set([4 * x, 4 * y], layout.weightedSums + 2 * c);
    const width = c % 3 === 0 ? 0 : 1;
    sums.set([4 * (1 + x * x), 4 * (1 - width + x * y), 4 * (1 + y * y)], layout.scatter + 3 * c);
  }
  const statistics = statisticsOf(layout, [...sums]);
  const regularization = regularizationOf([0.25, 0.25]);
  return {
    ...{ statistics, belief: null, regularization, old: null, open: true },
    resolution: resolutionOf("f64", 2),
  } as const;
}

test("some components judged again are as if all were", () => {
  const [before, after] = [question("before"), question("after")];
  const changed = [0, 4, 5, 6];
  const statistics = { ...before.statistics, sums: before.statistics.sums.slice() };
  const { layout } = statistics;
  for (const c of changed) {
    for (const [start, width] of [
      [layout.weightedSums, 2],
      [layout.scatter, 3],
    ]) {
      const from = start + width * c;
      statistics.sums.set(after.statistics.sums.subarray(from, from + width), from);
    }
  }
  const all = judge({ ...before, statistics });
  const merged = withJudged(judge(before), judge(partOf({ ...before, statistics }, changed)), changed, statistics);
  expect(all.limited?.floored.map(({ component }) => component)).toEqual([0, 3, 6]);
  const own = (doubtful: readonly number[]) => doubtful.filter((component) => changed.includes(component));
  expect(merged).toEqual({ ...all, doubtful: own(all.doubtful) });
});
