import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

// What users get: the five packages built, packed, installed in an empty folder, and used from there.

const root = new URL("../../", import.meta.url).pathname;
const packages = ["core", "workers", "io", "report", "emix"];
const folder = mkdtempSync(join(tmpdir(), "emix-package-"));

function run(command: string, args: readonly string[], cwd = folder): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function runScript(text: string): string {
  writeFileSync(join(folder, "script.mjs"), text);
  return run(process.execPath, ["script.mjs"]).trim();
}

beforeAll(() => {
  run(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-b", ...packages.map((p) => `packages/${p}`)],
    root,
  );
  for (const name of packages) {
    run("npx", ["-y", "pnpm@12", "pack", "--pack-destination", folder], join(root, "packages", name));
  }
  writeFileSync(join(folder, "package.json"), '{ "name": "consumer", "private": true, "type": "module" }');
  const tarballs = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  expect(tarballs).toHaveLength(packages.length);
  run("npm", ["install", "--no-audit", "--no-fund", ...tarballs.map((file) => `./${file}`)]);
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true }));

const DATA = `
const data = new Float64Array(40_000);
for (let i = 0; i < data.length; i++) data[i] = Math.sin(i * 12.9898) * 3 + (i % 4 < 2 ? 0 : 20);
const points = { data, features: 2 };
`;

test('`import { fit } from "emix"` fits on threads', () => {
  const output = runScript(`
    import { fit } from "emix";
    ${DATA}
    const { mixture, iterations } = await fit(points, { components: 2, seed: 1, maxIterations: 5 });
    console.log(mixture.weights.length, iterations > 0, mixture.means.every(Number.isFinite));
  `);
  expect(output).toBe("2 true true");
});

test("an engine in a thread of its own, and one in the calling thread, give the same", () => {
  const output = runScript(`
    import { createEngine } from "emix";
    ${DATA}
    const results = [];
    for (const offThread of [true, false]) {
      await using engine = await createEngine({ threads: 2, offThread });
      results.push(JSON.stringify((await engine.fit(points, { components: 3, maxIterations: 4 })).mixture));
    }
    console.log(results[0] === results[1]);
  `);
  expect(output).toBe("true");
});

test("the `emix` command fits a CSV file", () => {
  writeFileSync(
    join(folder, "points.csv"),
    `x,y\n${Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 5}`).join("\n")}\n`,
  );
  const output = run(process.execPath, ["node_modules/.bin/emix", "fit", "points.csv", "-k", "2", "--quiet"]);
  expect(output).toContain("60 points, 2 features, 2 full components");
});

test("types hold for a consumer that checks its libraries", () => {
  writeFileSync(
    join(folder, "consumer.ts"),
    `import { fit, GaussianMixture, type Warning } from "emix";
     const { mixture, warnings } = await fit({ data: new Float64Array(4), features: 1 }, { components: 1 });
     const means: Float64Array = mixture.means;
     const first: Warning | undefined = warnings[0];
     export const all: [Float64Array, Warning | undefined, GaussianMixture] = [means, first, mixture];
    `,
  );
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--skipLibCheck", "false"];
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  expect(
    run(process.execPath, [
      tsc,
      "--ignoreConfig",
      ...options,
      "--lib",
      "es2024,esnext.disposable",
      "--types",
      "node",
      "--typeRoots",
      join(root, "node_modules/@types"),
      "consumer.ts",
    ]),
  ).toBe("");
});
