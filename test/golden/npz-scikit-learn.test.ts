import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GaussianMixture } from "@emix/core";
import { readModel, writeModel } from "@emix/io";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tilePoints } from "../../packages/core/src/points/tiling.ts";
import { fingerprint } from "../../packages/io/src/models/fingerprint.ts";
import { askPython, interpreter, PATIENCE_MS } from "../python/python.ts";
import { fittedMixture, largestDifference, pointsNear, variationalMixture, wholeModel } from "../support/models.ts";
import { COVARIANCE_TYPES } from "../support/scenes.ts";

// Mixtures go to scikit-learn and back as .npz files, by python/emix_model.py.

/** Both sides round, ours and theirs. */
const TOLERANCE = 1e-12;

const folder = mkdtempSync(join(tmpdir(), "emix-npz-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Scores {
  readonly scores: number[];
  readonly proba: number[];
  readonly labels: number[];
}

const SCORES = `
def scores(mixture, points):
    return {"scores": mixture.score_samples(points).tolist(), "proba": mixture.predict_proba(points).ravel().tolist(),
            "labels": mixture.predict(points).tolist()}
`;

const LOAD = `${SCORES}
from emix_model import load
def answer(path, points):
    mixture = load(path)
    points = np.reshape(points, (-1, mixture.n_features_in_))
    return scores(mixture, points) | {"kind": type(mixture).__name__, "type": mixture.covariance_type,
        "names": list(mixture.feature_names_in_), "fit": [mixture.converged_, mixture.n_iter_, mixture.lower_bound_]}
print(json.dumps([answer(**one) for one in question]))
`;

interface Loaded extends Scores {
  readonly kind: string;
  readonly type: string;
  readonly names: string[];
  readonly fit: unknown[];
}

const FIT = `${SCORES}
from emix_model import save
from sklearn.mixture import GaussianMixture, BayesianGaussianMixture
def answer(path, type, seed, dtype, prior):
    random = np.random.default_rng(seed)
    centres = random.normal(scale=4, size=(3, 4))
    points = centres[random.integers(3, size=400)] + random.normal(size=(400, 4)) @ random.normal(size=(4, 4))
    kind = GaussianMixture if prior is None else BayesianGaussianMixture
    more = {} if prior is None else {"weight_concentration_prior_type": prior}
    mixture = kind(n_components=3, covariance_type=type, random_state=seed, **more).fit(points.astype(dtype))
    mixture.feature_names_in_ = np.array(["a", "bé", "c c", "d"], dtype=object)
    save(mixture, path)
    points = points[:100].astype(dtype).astype("f8")
    bounds = [] if np.ndim(mixture.lower_bound_) else [float(b) for b in [*mixture.lower_bounds_, mixture.lower_bound_]]
    return scores(mixture, points) | {"points": points.ravel().tolist(), "bounds": bounds,
        "means": mixture.means_.astype("f8").ravel().tolist(),
        "iterations": mixture.n_iter_, "converged": bool(mixture.converged_)}
print(json.dumps([answer(**one) for one in question]))
`;

interface Fitted extends Scores {
  readonly points: number[];
  readonly means: number[];
  /** of every iteration, and the last one again; scikit-learn has none with tied covariances and a prior */
  readonly bounds: number[];
  readonly iterations: number;
  readonly converged: boolean;
}

function expectAgreement(mixture: GaussianMixture, data: ArrayLike<number>, theirs: Scores): void {
  const points = { data: Float64Array.from(data), features: mixture.features };
  expect(largestDifference(mixture.logProb(points), theirs.scores)).toBeLessThan(TOLERANCE);
  expect(largestDifference(mixture.predictProba(points), theirs.proba)).toBeLessThan(TOLERANCE);
  expect([...mixture.predict(points)]).toEqual(theirs.labels);
}

/** What goes to Python, one file each. */
const written = [
  ...COVARIANCE_TYPES.map((type) => [type, fittedMixture({ type, features: 3 })] as const),
  ...COVARIANCE_TYPES.map((type) => [`${type}, 1 × 1`, fittedMixture({ type, components: 1, features: 1 })] as const),
  ["variational process", variationalMixture({ type: "full", features: 3 }, "process")] as const,
  ["variational distribution", variationalMixture({ type: "diag", features: 3 }, "distribution")] as const,
  ["variational, tied", variationalMixture({ type: "tied", features: 3 }, "distribution")] as const,
  ["variational, spherical", variationalMixture({ type: "spherical", features: 3 }, "process")] as const,
];

const TYPES = ["full", "tied", "diag", "spherical"];

/** What comes from Python, one file each. */
const fits = [
  ...TYPES.map((type, seed) => ({ type, seed, dtype: "f8", prior: null })),
  ...TYPES.map((type, seed) => ({ type, seed, dtype: "f8", prior: "dirichlet_process" })),
  { type: "full", seed: 9, dtype: "f8", prior: "dirichlet_distribution" },
  ...TYPES.map((type) => ({ type, seed: 3, dtype: "f4", prior: null })),
].map((fit, i) => ({ ...fit, path: join(folder, `theirs-${i}.npz`) }));

describe("scikit-learn", () => {
  let loaded: Loaded[] = [];
  let fitted: Fitted[] = [];

  beforeAll(async () => {
    await interpreter();
    const questions = written.map(([, mixture], i) => {
      const path = join(folder, `ours-${i}.npz`);
      writeFileSync(path, writeModel(wholeModel(mixture), "npz"));
      return { path, points: [...pointsNear(mixture, 200)] };
    });
    [loaded, fitted] = await Promise.all([askPython<Loaded[]>(LOAD, questions), askPython<Fitted[]>(FIT, fits)]);
  }, PATIENCE_MS);

  test.each(written)("loads what emix wrote, and scores alike: %s", (name, mixture) => {
    const theirs = loaded[written.findIndex(([other]) => other === name)];
    expectAgreement(mixture, pointsNear(mixture, 200), theirs);
    expect(theirs).toMatchObject({
      kind: mixture.posterior === undefined ? "GaussianMixture" : "BayesianGaussianMixture",
      type: mixture.covarianceType.replace("tied-", ""),
      names: Array.from({ length: mixture.features }, (_, j) => (j === 0 ? "größe €" : `x${j}`)),
      fit: [true, 3, -2.7182817],
    });
  });

  test.each(fits.filter(({ dtype }) => dtype === "f8"))(
    "emix reads what scikit-learn fitted, and scores alike: $type $prior",
    async (fit) => {
      const theirs = fitted[fits.indexOf(fit)];
      const model = await readModel(fit.path);
      expectAgreement(new GaussianMixture(model.mixture), theirs.points, theirs);
      expect([...model.mixture.means]).toEqual(theirs.means);
      expect(model.columns).toEqual(["a", "bé", "c c", "d"]);
      const { converged, iterations, bounds } = theirs;
      const known = bounds.length === 0 ? {} : { lowerBound: bounds.at(-1), trace: bounds.slice(0, -1) };
      expect(model.fit).toEqual({ converged, iterations, ...known });
      // and from here to our formats, and back, bit for bit
      for (const format of ["json", "npz"] as const) expect(await readModel(writeModel(model, format))).toEqual(model);
    },
  );

  test.each(fits.filter(({ dtype }) => dtype === "f4"))(
    "reads a fit in single precision to what its digits allow: $type",
    async (fit) => {
      const theirs = fitted[fits.indexOf(fit)];
      const mixture = new GaussianMixture((await readModel(fit.path)).mixture);
      const points = { data: Float64Array.from(theirs.points), features: 4 };
      expect(largestDifference(mixture.logProb(points), theirs.scores)).toBeLessThan(1e-4);
    },
  );

  test("compressed archives and other orders of bytes and axes are read", async () => {
    const mixture = fittedMixture({ type: "full", features: 3 });
    writeFileSync(join(folder, "a.npz"), writeModel(wholeModel(mixture), "npz"));
    await askPython(
      `
arrays = dict(np.load(question + "/a.npz"))
arrays = {name: np.asfortranarray(a.astype(a.dtype.newbyteorder(">"))) for name, a in arrays.items()}
np.savez_compressed(question + "/b.npz", **arrays)
print(0)`,
      folder,
    );
    expect(await readModel(join(folder, "b.npz"))).toEqual(await readModel(join(folder, "a.npz")));
  });

  test("NumPy reads every array of ours without pickle, under its own checks", async () => {
    const path = join(folder, "arrays.npz");
    const mixture = fittedMixture({ type: "full" });
    writeFileSync(path, writeModel(wholeModel(mixture), "npz"));
    const seen = await askPython<{ precisions: number; shapes: Record<string, number[]> }>(
      `
import zipfile
assert zipfile.ZipFile(question).testzip() is None
arrays = dict(np.load(question, allow_pickle=False))
identity = arrays["precisions_"] @ arrays["covariances_"]
print(json.dumps({"precisions": float(np.abs(identity - np.eye(2)).max()),
                  "shapes": {name: list(a.shape) for name, a in arrays.items()}}))`,
      path,
    );
    expect(seen.precisions).toBeLessThan(1e-12);
    expect(seen.shapes).toMatchObject({ weights_: [3], means_: [3, 2], covariances_: [3, 2, 2], converged_: [] });
  });

  test("a mixture of transformed columns is refused by the loader, with a reason", async () => {
    const path = join(folder, "logged.npz");
    const transforms = [
      { log: true, centre: 1, scale: 2 },
      { log: false, centre: 0, scale: 1 },
    ];
    const { parameters } = fittedMixture({ type: "full" });
    writeFileSync(path, writeModel({ mixture: parameters, transforms }, "npz"));
    const reason = await askPython<string>(
      `
from emix_model import load
try: load(question)
except ValueError as error: print(json.dumps(str(error)))`,
      path,
    );
    expect(reason).toContain("transformed columns");
  });

  test("the fingerprint of points is what its definition says", async () => {
    const data = Float64Array.from({ length: 300 * 7 }, (_, i) => Math.sin(i) * 10 ** (i % 5));
    data[3] = -0;
    const weights = Float64Array.from({ length: 300 }, (_, i) => 1 + (i % 3));
    const theirs = await askPython<string[]>(
      `
import hashlib
points, weights = np.reshape(question["points"], (-1, 7)), np.array(question["weights"], "<f8")
start = np.array(points.shape, "<f8").tobytes() + (points + 0.0).astype("<f8").tobytes()
print(json.dumps(["sha256:" + hashlib.sha256(b).hexdigest() for b in (start, start + weights.tobytes())]))`,
      { points: [...data], weights: [...weights] },
    );
    const points = { data, features: 7 };
    expect([fingerprint(tilePoints(points)), fingerprint(tilePoints(points, weights))]).toEqual(theirs);
  });

  test("the loader is at most 30 lines", () => {
    const text = readFileSync(new URL("../../python/emix_model.py", import.meta.url), "utf8");
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(30);
  });
});
