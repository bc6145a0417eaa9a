import { spawnSync } from "node:child_process";
import { createEngine, GaussianMixture } from "emix";
import { expect, test } from "vitest";
import { expectRejection } from "../support/failures.ts";

// Probabilities of 5M points × 1,000 components take 40 GB. The engine's thread died of them, and a fit beside with it;
// the mixture itself threw a RangeError.

const components = 20_000;
const parameters = {
  weights: new Array(components).fill(1 / components),
  means: Array.from({ length: components }, (_, c) => c),
  covariances: new Array(components).fill(1),
  covarianceType: "spherical",
} as const;
const rows = 2_000_000;

test("results that no memory holds are refused, and other work goes on", { timeout: 120_000 }, async () => {
  const mixture = GaussianMixture.fromParameters(parameters);
  const small = { data: Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i)), features: 1 };
  for (const offThread of [true, false]) {
    await using engine = await createEngine({ threads: 2, offThread });
    const beside = engine.fit(small, { components: 2 });
    const asked = engine.predictProba({ data: new Float32Array(rows), features: 1 }, { mixture });
    await expectRejection(asked, "ALLOCATION_FAILED", /Could not allocate 320000000000 bytes for the results/);
    const drawn = engine.sample({ mixture, count: 1e12 });
    await expectRejection(drawn, "ALLOCATION_FAILED", /Could not allocate 12000000000000 bytes for the results/);
    expect((await beside).iterations).toBeGreaterThan(0);
  }
});

test("and so they are by the mixture itself", () => {
  // In a process of its own, because a thread other than the first one ends where an allocation fails.
  const program = `
import { GaussianMixture } from "emix";
const components = ${components};
const mixture = GaussianMixture.fromParameters({
  weights: new Array(components).fill(1 / components),
  means: new Array(components).fill(0),
  covariances: new Array(components).fill(1),
  covarianceType: "spherical",
});
for (const ask of [() => mixture.predictProba({ data: new Float32Array(${rows}), features: 1 }), () => mixture.sample(1e12)]) {
  try {
    ask();
  } catch ({ code }) {
    console.log(code);
  }
}
`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
    cwd: import.meta.dirname,
  });
  expect(stdout).toBe("ALLOCATION_FAILED\nALLOCATION_FAILED\n");
});
