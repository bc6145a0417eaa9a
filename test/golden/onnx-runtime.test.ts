import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CovarianceType, GaussianMixture } from "@emix/core";
import { type Model, tailQuantiles, writeModel } from "@emix/io";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askPython, interpreter, PATIENCE_MS } from "../python/python.ts";
import { fittedMixture, largestDifference, pointsNear, variationalMixture, wholeModel } from "../support/models.ts";
import { COVARIANCE_TYPES } from "../support/scenes.ts";

// ONNX graphs: checked by onnx, run by onnxruntime, and beside the graphs of sklearn-onnx.

const folder = mkdtempSync(join(tmpdir(), "emix-onnx-"));
const onnx = join(folder, "model.onnx");
const npz = join(folder, "model.npz");
afterAll(() => rmSync(folder, { recursive: true }));

interface Outputs {
  readonly label: number[];
  readonly probabilities: number[];
  readonly log_density: number[];
  readonly is_outlier?: boolean[];
}

const RUN = `
import onnx, onnxruntime
onnx.checker.check_model(onnx.load(question["onnx"]), full_check=True)
session = onnxruntime.InferenceSession(question["onnx"], providers=["CPUExecutionProvider"])
points = np.reshape(np.array(question["points"], "f8"), (-1, question["features"]))
def run(session, points):
    outputs = session.run(None, {session.get_inputs()[0].name: points})
    return {output.name: value.ravel().tolist() for output, value in zip(session.get_outputs(), outputs)}
`;

async function run(model: Model, points: ArrayLike<number>, outliers?: number): Promise<Outputs> {
  writeFileSync(onnx, writeModel(model, "onnx", outliers === undefined ? {} : { outliers }));
  const question = { onnx, features: model.mixture.features, points: Array.from(points) };
  return askPython(`${RUN}print(json.dumps(run(session, points)))`, question);
}

/** Labels may differ where two components are as likely as one another, up to rounding. */
async function expectAgreement(mixture: GaussianMixture, data: Float64Array, tolerance: number): Promise<void> {
  const points = { data, features: mixture.features };
  const theirs = await run({ mixture: mixture.parameters }, data);
  expect(largestDifference(theirs.log_density, mixture.logProb(points))).toBeLessThan(tolerance);
  expect(largestDifference(theirs.probabilities, mixture.predictProba(points))).toBeLessThan(tolerance);
  expect(theirs.label).toEqual([...mixture.predict(points)]);
}

describe("onnxruntime", () => {
  beforeAll(async () => {
    await interpreter();
  }, PATIENCE_MS);

  test.each(COVARIANCE_TYPES)("gives what we give, to 1e-12: %s", async (type) => {
    const mixture = fittedMixture({ type, components: 4, features: 5 });
    await expectAgreement(mixture, pointsNear(mixture, 500), 1e-12);
  });

  test.each(COVARIANCE_TYPES)("and to 1e-9 far from 0, at 1e8: %s", async (type) => {
    const mixture = fittedMixture({ type, components: 4, features: 5, offset: 1e8 });
    await expectAgreement(mixture, pointsNear(mixture, 500), 1e-9);
  });

  test.each(COVARIANCE_TYPES)("in one component of one feature: %s", async (type) => {
    const mixture = fittedMixture({ type, components: 1, features: 1 });
    await expectAgreement(mixture, pointsNear(mixture, 1), 1e-12);
  });

  test.each(["process", "distribution"] as const)("a variational fit: %s", async (kind) => {
    const mixture = variationalMixture({ type: "full", features: 3 }, kind);
    await expectAgreement(mixture, pointsNear(mixture, 300), 1e-12);
  });

  test("a component without weight, and points as far as doubles go", async () => {
    const mixture = GaussianMixture.fromParameters({
      weights: [0, 1],
      means: [0, 1],
      covariances: [1, 1],
      covarianceType: "diag",
    });
    const data = Float64Array.of(0, 1e160, -1e300, 1e-310);
    const theirs = await run({ mixture: mixture.parameters }, data);
    expect(theirs.probabilities).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
    expect(largestDifference(theirs.log_density, mixture.logProb({ data, features: 1 }))).toBeLessThan(1e-12);
  });

  test.each([0.01, 0.2])("flags the share of the points that was asked for: %d", async (fraction) => {
    const mixture = fittedMixture({ type: "full" });
    const data = pointsNear(mixture, 1000);
    const outliers = tailQuantiles(mixture.logProb({ data, features: 2 }), null);
    const { is_outlier } = await run({ mixture: mixture.parameters, outliers }, data, fraction);
    expect(is_outlier?.filter(Boolean)).toHaveLength(fraction * 1000);
  });

  test("transformed columns: points and densities are those of the columns as they were", async () => {
    const mixture = fittedMixture({ type: "full" });
    const transforms = [
      { log: true, centre: 3, scale: 0.5 },
      { log: false, centre: 1e6, scale: 1e3 },
    ];
    const features = pointsNear(mixture, 200);
    const columns = features.map((z, i) => (i % 2 === 0 ? Math.exp(z * 0.5 + 3) : z * 1e3 + 1e6));
    const theirs = await run({ mixture: mixture.parameters, transforms }, columns);
    const slopes = Float64Array.from(
      { length: 200 },
      (_, i) => Math.log(0.5) + Math.log(1e3) + Math.log(columns[2 * i]),
    );
    const expected = mixture.logProb({ data: features, features: 2 }).map((value, i) => value - slopes[i]);
    expect(largestDifference(theirs.log_density, expected)).toBeLessThan(1e-10);
    expect(theirs.label).toEqual([...mixture.predict({ data: features, features: 2 })]);
  });

  test("the file says what it is: columns, options and names", async () => {
    writeFileSync(onnx, writeModel(wholeModel(fittedMixture({ type: "full" })), "onnx", { outliers: 0.01 }));
    const seen = await askPython<Record<string, string[]>>(
      `
import onnx
model = onnx.load(question)
print(json.dumps({"inputs": [i.name for i in model.graph.input], "outputs": [o.name for o in model.graph.output],
    "metadata": [p.key for p in model.metadata_props], "version": [model.producer_name, model.producer_version],
    "columns": json.loads({p.key: p.value for p in model.metadata_props}["columns"]),
    "fit": [json.loads({p.key: p.value for p in model.metadata_props}["emix"])["fit"]["fingerprint"]],
    "operators": sorted({n.op_type for n in model.graph.node}), "domains": [o.domain for o in model.opset_import]}))`,
      onnx,
    );
    expect(seen).toMatchObject({
      inputs: ["X"],
      outputs: ["label", "probabilities", "log_density", "is_outlier"],
      metadata: ["covariance_type", "columns", "emix"],
      version: ["emix", "0.1.0"],
      columns: ["größe €", 'x1=log("y 1")'],
      fit: ["sha256:00"],
      domains: [""],
    });
  });

  const BESIDE = `${RUN}
from emix_model import load
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType
mixture = load(question["npz"])
theirs = to_onnx(mixture, initial_types=[("X", DoubleTensorType([None, question["features"]]))],
                 options={id(mixture): {"score_samples": True}}, target_opset=20)
theirs = onnxruntime.InferenceSession(theirs.SerializeToString(), providers=["CPUExecutionProvider"])
print(json.dumps({"ours": run(session, points)["log_density"], "theirs": run(theirs, points)["score_samples"],
                  "scikit": mixture.score_samples(points).tolist()}))
`;

  test("sklearn-onnx beside it, at 1e8", async () => {
    const rows = [];
    for (const type of ["full", "tied", "diag", "spherical"] satisfies CovarianceType[]) {
      const mixture = fittedMixture({ type, components: 4, features: 5, offset: 1e8 });
      const model = { mixture: mixture.parameters };
      writeFileSync(onnx, writeModel(model, "onnx"));
      writeFileSync(npz, writeModel(model, "npz"));
      const data = pointsNear(mixture, 500);
      const question = { onnx, npz, features: 5, points: [...data] };
      const { ours, theirs, scikit } = await askPython<Record<string, number[]>>(BESIDE, question);
      const exact = mixture.logProb({ data, features: 5 });
      const [emix, sklearnOnnx, scikitLearn] = [ours, theirs, scikit].map((values) => largestDifference(values, exact));
      rows.push({ type, emix, "sklearn-onnx": sklearnOnnx, "scikit-learn": scikitLearn });
      expect(emix).toBeLessThan(1e-9);
      expect(emix).toBeLessThan(sklearnOnnx);
    }
    console.table(rows);
  });
});
