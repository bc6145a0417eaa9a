import { createEngine, type FitOptions } from "emix";
import { afterAll, describe, expect, test } from "vitest";

// An object that claims 2⁵³ − 1 entries ended in the host's RangeError, or in an attempt to make as many.

const points = [[0], [1], [4], [5]];
const claims = { length: Number.MAX_SAFE_INTEGER };
const engine = await createEngine({ threads: 1, offThread: false });
afterAll(() => engine.close());

describe("an array that is none", () => {
  test.each<[string, object]>([
    ["knownComponents", { components: 2, knownComponents: claims }],
    ["labels", { initialization: { labels: claims } }],
    ["means", { initialization: { means: claims } }],
    ["a mean", { initialization: { means: [claims] } }],
    ["responsibilities", { components: 2, initialization: { responsibilities: claims } }],
  ])("is refused as %s", async (_, options) => {
    await expect(engine.fit(points, options as FitOptions)).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test("is refused as clusterOf", async () => {
    const { mixture } = await engine.fit(points, { components: 2 });
    const ask = () => mixture.predictClusters(points, { clusterOf: claims as ArrayLike<number> });
    expect(ask).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  });
});
