import { createEngine } from "emix";
import { expect, test } from "vitest";
import { randomStream } from "../../packages/core/src/random.ts";

// n points span n − 1 directions at most; the warning once named 66 for ten of them.

test.each<[number, number, number, number]>([
  // points of a component, features, offset, scale
  [10, 130, 0, 1],
  [4, 23, 1e4, 0.01],
  [2, 40, 1e8, 100],
  [13, 14, 0, 10],
])("%d points in %d features, offset %d, scale %d", async (count, features, offset, scale) => {
  await using engine = await createEngine({ threads: 1, offThread: false });
  const random = randomStream(7, "rank");
  const pointsAt = (centre: number) =>
    Array.from({ length: count }, () =>
      Array.from({ length: features }, () => (centre + random.normal()) * scale + offset),
    );
  const points = [...pointsAt(0), ...pointsAt(50)];
  const { warnings } = await engine.fit(points, { components: 2, maxIterations: 2 });
  const ranks = warnings.filter(({ code }) => code === "COLLAPSED_COMPONENT").map(({ rank }) => rank);
  expect(ranks).toEqual([count - 1, count - 1]);
});
