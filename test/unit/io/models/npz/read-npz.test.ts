import { GaussianMixture } from "@emix/core";
import { describe, expect, test } from "vitest";
import { writeDoubles, writeTexts } from "../../../../../packages/io/src/models/npz/npy-array.ts";
import { readNpz } from "../../../../../packages/io/src/models/npz/read-npz.ts";
import { writeNpz } from "../../../../../packages/io/src/models/npz/write-npz.ts";
import { readZip, writeZip } from "../../../../../packages/io/src/models/npz/zip.ts";
import { expectFailure } from "../../../../support/failures.ts";
import { fittedMixture, largestDifference, pointsNear, wholeModel } from "../../../../support/models.ts";
import { COVARIANCE_TYPES } from "../../../../support/scenes.ts";

const OURS = ["emix", "means_residual", "factors"];

/** The arrays of a model, changed: null leaves one out. */
function changed(bytes: Uint8Array, change: Readonly<Record<string, Uint8Array | null>>): Uint8Array {
  const arrays = new Map<string, Uint8Array | null>(readZip(bytes, () => true));
  for (const [name, array] of Object.entries(change)) arrays.set(`${name}.npy`, array);
  return writeZip(Object.fromEntries([...arrays].filter((entry): entry is [string, Uint8Array] => entry[1] !== null)));
}

const without = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, null]));
const model = wholeModel(fittedMixture({ type: "full" }));
const whole = writeNpz(model);
/** as scikit-learn would have it */
const plain = changed(whole, without(OURS));

describe("a model of .npz", () => {
  test.each(COVARIANCE_TYPES)("without our arrays is read by those of scikit-learn: %s", (type) => {
    const mixture = fittedMixture({ type });
    const read = new GaussianMixture(
      readNpz(changed(writeNpz({ mixture: mixture.parameters }), without(OURS))).mixture,
    );
    const points = { data: pointsNear(mixture, 50), features: 2 };
    expect(largestDifference(read.logProb(points), mixture.logProb(points))).toBeLessThan(1e-12);
    expect(read.covarianceType).toBe(type.replace("tied-", ""));
  });

  test("without our arrays keeps what scikit-learn knows", () => {
    const { fit, columns, outliers } = readNpz(plain);
    expect(columns).toEqual(["größe €", "x1"]);
    expect(fit).toEqual({ converged: true, iterations: 3, lowerBound: model.fit?.lowerBound, trace: model.fit?.trace });
    expect(outliers).toBeUndefined();
    expect(
      readNpz(changed(plain, without(["converged_", "n_iter_", "lower_bound_", "lower_bounds_"]))).fit,
    ).toBeUndefined();
  });

  const nan = writeDoubles(Float64Array.of(Number.NaN), []);

  test("a lower bound that is no number is left out", () => {
    expect(readNpz(changed(plain, { lower_bound_: nan })).fit).not.toHaveProperty("lowerBound");
    expect(readNpz(changed(plain, { lower_bound_: writeDoubles(Float64Array.of(1, 2)) })).fit).not.toHaveProperty(
      "lowerBound",
    );
  });

  const zeros = (count: number) => writeDoubles(new Float64Array(count));

  test.each<[string, Uint8Array, RegExp]>([
    ["no weights", changed(plain, { weights_: null }), /"weights_" .* it is missing/],
    ["no type", changed(plain, { covariance_type: null }), /"covariance_type" .* it is missing/],
    [
      "an unknown type",
      changed(plain, { covariance_type: writeTexts("round") }),
      /`covariance_type` .* one of full, tied/,
    ],
    [
      "another type",
      changed(plain, { covariance_type: writeTexts("diag") }),
      /"covariances_" .* expected 6 numbers, got 12/,
    ],
    ["a number for the type", changed(plain, { covariance_type: zeros(1) }), /expected text, got numbers/],
    ["text for the weights", changed(plain, { weights_: writeTexts(["a", "b"]) }), /expected numbers, got text/],
    ["no components", changed(plain, { weights_: zeros(0) }), /"means_" .* a mean for each of at least one weight/],
    ["half a mean", changed(plain, { means_: zeros(5) }), /"means_" .* a mean for each/],
    ["no means", changed(plain, { means_: zeros(0) }), /"means_" .* a mean for each/],
    [
      "very long means",
      changed(plain, { means_: zeros(3e5) }),
      /"covariances_" .* expected 30000000000 numbers, got 12/,
    ],
    [
      "few factors",
      changed(plain, { precisions_cholesky_: zeros(4) }),
      /"precisions_cholesky_" .* expected 12 numbers, got 4/,
    ],
    [
      "factors of 0",
      changed(plain, { precisions_cholesky_: zeros(12) }),
      /`factors` of the model to have positive diagonals/,
    ],
    [
      "other factors",
      changed(whole, { factors: writeDoubles(new Float64Array(9).fill(1)) }),
      /agree with its `factors`/,
    ],
    ["other features", changed(plain, { n_features_in_: zeros(1) }), /"n_features_in_" .* expected 2/],
    ["weights beyond 1", changed(plain, { weights_: writeDoubles(Float64Array.of(1, 1, 1)) }), /sum to 1/],
    [
      "names for other features",
      changed(plain, { feature_names_in_: writeTexts(["a"]) }),
      /`columns` .* 2 different names/,
    ],
    ["no JSON", changed(whole, { emix: writeTexts("{") }), /"emix" .* expected JSON\.$/],
    ["other JSON", changed(whole, { emix: writeTexts("[]") }), /"emix" .* format emix-model, version 2/],
    ["null", changed(whole, { emix: writeTexts("null") }), /"emix" .* expected a JSON object/],
  ])("%s: a typed error", (_, bytes, message) => {
    expectFailure(() => readNpz(bytes), "BAD_MODEL_FILE", message);
  });

  test("copies of a shared matrix must be equal", () => {
    const { parameters } = fittedMixture({ type: "tied-diag" });
    const bytes = changed(writeNpz({ mixture: parameters }), {
      covariances_: writeDoubles(Float64Array.of(1, 2, 1, 2, 1, 3)),
    });
    expectFailure(() => readNpz(bytes), "BAD_MODEL_FILE", /"covariances_" .* the same for every component/);
  });
});
