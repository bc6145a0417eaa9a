import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { GaussianMixture } from "@emix/core";
import { readModel } from "emix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { interpreter, PATIENCE_MS } from "../python/python.ts";
import { page, ROOT } from "../support/pages.ts";

// Every program of examples/, run as its first lines say, in a process of its own.

const folder = mkdtempSync(join(tmpdir(), "emix-examples-"));
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string) => join(folder, name);
const flights = inFolder("flights.json");
const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;

/** Runs an example at the root of the repository. out: what it prints */
function example(name: string, args: readonly string[] = [], { input = "", env = {} } = {}): Promise<string> {
  const options = { cwd: ROOT, env: { ...process.env, PATH, ...env }, maxBuffer: 1 << 28 };
  return new Promise((resolve, reject) => {
    const command = [join("examples", `${name}.ts`), ...args];
    const child = execFile(process.execPath, command, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${name} failed: ${stderr}`, { cause: error }));
    });
    child.stdin?.end(input);
  });
}

const numbers = (text: string): number[] => [...text.matchAll(/-?\d+(?:\.\d+)?/g)].map(([number]) => Number(number));

test("every example is in the table of examples", () => {
  const programs = readdirSync(join(ROOT, "examples")).filter((name) => /^[\w-]+\.(ts|py)$/.test(name));
  const { text } = page("examples/README.md");
  expect(programs.length).toBeGreaterThan(6);
  expect(programs.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

describe("of flights", () => {
  let printed = "";
  beforeAll(async () => {
    printed = await example("flights", ["--limit", "40000", "--output", flights]);
  });

  test("the batch job finds groups of flights that make up the whole, the largest first", async () => {
    expect(printed).toContain("40,000 rows");
    const shares = [...printed.matchAll(/^([\d.]+) % of flights/gm)].map(([, share]) => Number(share));
    expect(shares).toHaveLength(4);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0);
    const { mixture, columns, outliers } = await readModel(flights);
    expect(columns).toEqual(["delay", "distance", 'hour=hour("date")']);
    // one group is of flights that are very late
    const delays = Array.from({ length: 4 }, (_, c) => mixture.means[3 * c]);
    expect(Math.max(...delays)).toBeGreaterThan(60);
    expect(outliers?.logDensities.at(0)).toBeLessThan(outliers?.logDensities.at(-1) as number);
  });

  describe("the server", () => {
    let server: ChildProcess;
    let address = "";

    beforeAll(async () => {
      server = spawn(process.execPath, ["examples/anomaly-server.ts", flights, "--port", "0"], { cwd: ROOT });
      for await (const line of createInterface({ input: server.stdout as NodeJS.ReadableStream })) {
        address = line;
        break;
      }
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    });
    afterAll(() => void server.kill("SIGKILL"));

    const score = (body: unknown) =>
      fetch(`${address}/score`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });

    test("scores points as the mixture itself does, and finds the unusual one", async () => {
      const points = [
        [0, 700, 12],
        [1400, 100, 3],
      ];
      const { scores } = await (await score({ points })).json();
      const expected = new GaussianMixture((await readModel(flights)).mixture).logProb(points);
      for (const [i, { logDensity }] of scores.entries()) expect(logDensity).toBeCloseTo(expected[i], 9);
      expect(scores.map(({ outlier }: { outlier: boolean }) => outlier)).toEqual([false, true]);
      expect(scores[0].tail).toBeGreaterThan(0.1);
      expect(scores[1].tail).toBe(0);
    });

    test("answers many requests at once with the one engine", async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => (await score({ points: [[i, 500, 9]] })).json()),
      );
      const densities = answers.map(({ scores }) => scores[0].logDensity);
      expect(new Set(densities).size).toBe(20);
    });

    test.each([
      ["no points", { points: [] }],
      ["a number too few", { points: [[1, 2]] }],
      ["a text for a number", { points: [["1", 2, 3]] }],
      ["null for a number", { points: [[null, 2, 3]] }],
      ["another field", { points: [[1, 2, 3]], more: 1 }],
      ["no body", null],
    ])("refuses a body with %s", async (_, body) => {
      const response = await score(body);
      expect(response.status).toBe(400);
      expect((await response.json()).message).toMatch(/body/);
    });

    test("says which columns it takes", async () => {
      const model = await (await fetch(`${address}/model`)).json();
      expect(model).toMatchObject({ columns: ["delay", "distance", 'hour=hour("date")'], components: 4 });
    });

    test("ends by itself when it is told to", async () => {
      const ended = once(server, "exit");
      server.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
      await expect(score({ points: [[1, 2, 3]] })).rejects.toThrow();
    });
  });
});

test("choosing: three tied components describe the geyser best, as mclust says too", async () => {
  const lines = (await example("choose-components")).trim().split("\n");
  expect(lines[0]).toMatch(/^3 tied: BIC 2314\./); // mclust: EEE, 3, BIC −2314.3
  const criteria = lines.slice(0, 5).map((line) => numbers(line)[1]);
  expect(criteria).toEqual(criteria.toSorted((a, b) => a - b));
  expect(lines[5]).toBe("best of 24: 3 tied");
  expect(lines.slice(6)).toHaveLength(3);
});

test("weights: counts give the mixture of all rows", async () => {
  const [rows, counts] = (await example("weights")).trim().split("\n").map(numbers);
  expect(rows).toHaveLength(5);
  expect(counts).toEqual(rows);
  expect(rows[0]).toBeCloseTo(80.09, 2);
});

test("a stream: every row gets its label and density in order, across windows", async () => {
  const model = inFolder("plane.json");
  const mixture = GaussianMixture.fromParameters({
    weights: [0.7, 0.3],
    means: [0, 0, 5, 5],
    covariances: [1, 0, 0, 1, 2, 0.5, 0.5, 1],
  });
  writeFileSync(model, JSON.stringify({ ...mixture.toJSON(), columns: ["x", "y"] }));
  const rows = Array.from({ length: 25_000 }, (_, i) => [7 * Math.sin(i), 6 * Math.cos(3 * i)]);
  const missing = 17;
  // the columns stand in another order than the model's, among others
  const lines = rows.map(([x, y], i) => `${y},row ${i},${i === missing ? "" : x}`);
  const output = await example("stream", [model], { input: `y,name,x\n${lines.join("\n")}\n` });
  const [header, ...scored] = output.trimEnd().split("\n");
  expect(header).toBe("label,log_density");
  expect(scored).toHaveLength(rows.length);
  expect(scored[missing]).toBe("-1,");
  const [labels, densities] = [mixture.predict(rows), mixture.logProb(rows)];
  for (const [i, line] of scored.entries()) {
    if (i === missing) continue;
    const [label, density] = line.split(",").map(Number);
    if (label !== labels[i] || !(Math.abs(density - densities[i]) < 1e-9)) expect.fail(`row ${i}: ${line}`);
  }
});

test("iris: the groups are nearly the species, and the page is there", async () => {
  const output = await example("iris", [folder]);
  const counts = (name: string) => numbers(output.split("\n").find((line) => line.includes(` ${name} `)) as string);
  expect(counts("setosa")).toEqual([50, 0, 0]);
  expect(counts("versicolor")).toEqual([0, 45, 5]); // 145 of 150, as mclust has it
  expect(counts("virginica")).toEqual([0, 0, 50]);
  const html = readFileSync(inFolder("iris.html"), "utf8");
  expect(html).toContain("<title>Iris</title>");
  expect(html).toContain("<svg");
});

describe("scikit-learn", () => {
  let python = "";
  beforeAll(async () => {
    python = await interpreter();
  }, PATIENCE_MS);

  test("scores a mixture as emix does, both ways", async () => {
    const output = await example("scikit-learn", [folder], { env: { PYTHON: python } });
    const value = (name: string) => Number(new RegExp(`^${name}: +(\\S+)$`, "m").exec(output)?.[1]);
    expect(value("scikit-learn, ours")).toBeCloseTo(value("emix fitted"), 12);
    expect(value("emix, theirs")).toBeCloseTo(value("scikit-learn, more"), 12);
    // EM goes on where it was, so the likelihood does not fall
    expect(value("scikit-learn, more")).toBeGreaterThanOrEqual(value("emix fitted") - 1e-12);
    expect(value("rows that changed")).toBe(0);
  });
});
