// To scikit-learn and back: emix fits, Python goes on from there, emix reads what Python made.
//   PYTHON=python3 node examples/scikit-learn.ts [folder]        (Python needs scikit-learn)

import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createEngine, GaussianMixture, readModel, writeModel } from "emix";

const folder = process.argv[2] ?? "out";
await mkdir(folder, { recursive: true });
const [ours, theirs] = [join(folder, "ours.npz"), join(folder, "theirs.npz")];

await using engine = await createEngine();
const points = await engine.loadFile("data/faithful.csv");
const { mixture } = await engine.fit(points, { components: 2, seed: 1 });
await writeFile(ours, writeModel({ mixture: mixture.parameters, columns: points.columns }, "npz"));
console.log("emix fitted:      ", await engine.score(points, { mixture }));

const python = process.env.PYTHON ?? "python3";
const env = { ...process.env, PYTHONPATH: "python" };
execFileSync(python, ["examples/scikit_learn.py", ours, "data/faithful.csv", theirs], { env, stdio: "inherit" });

const back = new GaussianMixture((await readModel(theirs)).mixture);
console.log("emix, theirs:     ", await engine.score(points, { mixture: back }));
const labels = await engine.predict(points, { mixture: back });
console.log(
  "rows that changed:",
  (await engine.predict(points, { mixture })).filter((label, i) => label !== labels[i]).length,
);
