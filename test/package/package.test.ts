import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kernelsFor, MOST_FEATURES } from "../../build/kernels.ts";
import { unpackKernels } from "../../packages/workers/src/kernels/ready-kernels.ts";
import { type Installed, installed, ran } from "../support/installed.ts";
import { NODES, nodeAt } from "../support/nodes.ts";
import { RUNNERS } from "../support/runners.ts";
import { copyLaws, toldLaws } from "../support/told-laws.ts";

// What users get, used as they use it, on every Node that is supported.

const nodes = new Map<string, string>();
let emix: Installed;

/**
 * An engine with a thread of its own and one without, on work that is large enough for threads, in the start as well; in few features, and
 * in so many that no kernels are ready and a start exchanges components of another covariance type.
 */
const SERVER = `
import { createEngine } from "emix";
const data = Float64Array.from({ length: 400_000 }, (_, i) => Math.sin(i * 12.9898) * 3 + (i % 4 < 2 ? 0 : 20));
const urls = JSON.parse(process.argv[2] ?? "{}");
async function fitted(offThread) {
  const engine = await createEngine({ threads: 2, offThread, ...urls });
  try {
    const { mixture } = await engine.fit({ data, features: 2 }, { components: 12, maxIterations: 3 });
    const wide = await engine.fit({ data: data.subarray(0, 33 * 4000), features: 33 }, { components: 24, maxIterations: 1 });
    return JSON.stringify([mixture, wide.mixture]);
  } finally {
    await engine.close();
  }
}
async function started() {
  const [own, calling] = [await fitted(true), await fitted(false)];
  return own === calling && own.length > 200 ? "the same" : own + calling;
}
started().then(console.log, ({ name, code, details }) => console.log(name, code, details.option ?? details.reason));
`;

function file(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
}

beforeAll(() => {
  for (const version of NODES) nodes.set(version, nodeAt(version));
  emix = installed();
  file(emix.folder, "server.mjs", SERVER);
  copyLaws(emix.folder);
}, 300_000);

afterAll(() => emix.remove());

test("the tarball holds what runs, its types and its licences, and no sources or tests", () => {
  const other = emix.packed.filter((path) => !/^package\/dist\/([\w-]+\.js|types\/.*\.d\.ts)$/.test(path));
  expect(other.sort()).toEqual(["package/LICENSE", "package/dist/THIRD-PARTY.txt", "package/package.json"]);
});

test("kernels that are ready have the bytes that would be written", () => {
  const engine = readFileSync(join(emix.folder, "node_modules/emix/dist/emix-engine.js"), "utf8");
  const groups = /["`](KLUv\/[\w+/= ]+)["`]/.exec(engine)?.[1].split(" ") ?? [];
  const ready = new Map(groups.flatMap((group) => [...unpackKernels(group)]));
  const written = Array.from({ length: MOST_FEATURES }, (_, i) => [...kernelsFor(i + 1)]).flat();
  expect([...ready.keys()]).toEqual(written.map(([key]) => key));
  for (const [key, bytes] of written) expect(Buffer.compare(bytes, ready.get(key) ?? new Uint8Array()), key).toBe(0);
});

describe.each(NODES)("on Node %s", (version) => {
  const run = (...args: string[]) => ran(nodes.get(version) as string, emix.folder, ...args);

  test("an engine fits on threads, in a thread of its own and in the calling one", () => {
    expect(run("server.mjs")).toBe("the same");
  });

  test("the command fits a CSV file", () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 5}`);
    file(emix.folder, "points.csv", `x,y\n${rows.join("\n")}\n`);
    const output = run("node_modules/.bin/emix", "fit", "points.csv", "-k", "2", "--quiet");
    expect(output).toContain("60 points, 2 features, 2 full components");
  });

  test("the command needs no folder for compiled code", () => {
    process.env.NODE_COMPILE_CACHE = join(emix.folder, "package.json", "no-folder");
    const output = run("node_modules/.bin/emix", "fit", "points.csv", "-k", "2", "--quiet");
    delete process.env.NODE_COMPILE_CACHE;
    expect(output).toContain("60 points");
  });

  test("a project in CommonJS imports it", () => {
    const imported = 'const createEngine = async (options) => (await import("emix")).createEngine(options);';
    file(emix.folder, "server.cjs", SERVER.replace('import { createEngine } from "emix";', imported));
    expect(run("server.cjs")).toBe("the same");
  });

  describe("under --permission", () => {
    const reads = () => `--allow-fs-read=${emix.folder}`;

    test("threads and the package's files are all it needs", () => {
      expect(run("--permission", "--allow-worker", reads(), "server.mjs")).toBe("the same");
    });

    test("a typed error says that threads are not allowed", () => {
      expect(run("--permission", reads(), "server.mjs")).toMatch(/^EmixError THREAD_NOT_STARTED .*restricted/);
    });

    test("the command reads CSV and writes a model without native code", () => {
      const flags = ["--permission", "--allow-worker", reads(), `--allow-fs-write=${emix.folder}`];
      const fit = ["fit", "points.csv", "-k", "2", "--quiet", "-o", "model.json"];
      expect(run(...flags, "node_modules/emix/dist/cli.js", ...fit)).toContain("60 points");
    });
  });
});

test.each(RUNNERS)(
  "laws hold inside $name",
  ({ command }) => {
    expect(toldLaws(emix.folder, [process.execPath, ...command()])).toBe("holds");
  },
  180_000,
);

describe.each(["esm", "cjs"] as const)("a server bundled in the format %s", (format) => {
  const ending = format === "esm" ? "mjs" : "cjs";
  const entries = { server: "./server.mjs", "emix-worker": "emix/worker", "emix-engine": "emix/engine" };
  const external = ["@duckdb/node-api"];

  async function byEsbuild(entryPoints: Record<string, string>, outdir: string): Promise<void> {
    const places = { absWorkingDir: emix.folder, outdir, outExtension: { ".js": `.${ending}` } };
    const logOverride = { "empty-import-meta": "silent" } as const;
    await build({ entryPoints, bundle: true, platform: "node", format, external, logOverride, ...places });
  }

  async function byRolldown(input: Record<string, string>, dir: string): Promise<void> {
    const bundle = await rolldown({ cwd: emix.folder, input, platform: "node", external, logLevel: "silent" });
    await bundle.write({ dir, format, entryFileNames: `[name].${ending}`, chunkFileNames: `[name]-[hash].${ending}` });
    await bundle.close();
  }

  const bundlers = { esbuild: byEsbuild, rolldown: byRolldown };

  // Out of reach of the installed package.
  const folderOf = (name: string) => `${emix.folder}-${name}-${format}`;

  describe.each(["esbuild", "rolldown"] as const)("by %s", (bundler) => {
    beforeAll(async () => {
      const { server, ...threads } = entries;
      await bundlers[bundler](entries, folderOf(bundler));
      await bundlers[bundler]({ server }, folderOf(`${bundler}-alone`));
      await bundlers[bundler](threads, folderOf(`${bundler}-threads`));
    });

    test.each(NODES)("finds the modules of its threads beside it, on Node %s", (version) => {
      expect(ran(nodes.get(version) as string, folderOf(bundler), `server.${ending}`)).toBe("the same");
    });

    test.each(NODES)("finds them where it is told to, on Node %s", (version) => {
      const at = (name: string) => `file://${folderOf(`${bundler}-threads`)}/${name}.${ending}`;
      const urls = JSON.stringify({ workerUrl: at("emix-worker"), engineUrl: at("emix-engine") });
      expect(ran(nodes.get(version) as string, folderOf(`${bundler}-alone`), `server.${ending}`, urls)).toBe(
        "the same",
      );
    });

    test("says which option is missing where they are not there", () => {
      const output = ran(process.execPath, folderOf(`${bundler}-alone`), `server.${ending}`);
      expect(output).toBe("EmixError THREAD_NOT_STARTED workerUrl");
    });
  });
});

test("types hold for a consumer that checks its libraries", () => {
  file(
    emix.folder,
    "consumer.ts",
    `import { fit, GaussianMixture, type Warning } from "emix";
     const { mixture, warnings } = await fit({ data: new Float64Array(4), features: 1 }, { components: 1 });
     const means: Float64Array = mixture.means;
     const first: Warning | undefined = warnings[0];
     export const all: [Float64Array, Warning | undefined, GaussianMixture] = [means, first, mixture];
    `,
  );
  const root = new URL("../../", import.meta.url).pathname;
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--skipLibCheck", "false"];
  const libraries = ["--lib", "es2024,esnext.disposable", "--types", "node", "--typeRoots"];
  const types = [...libraries, join(root, "node_modules/@types")];
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const output = ran(process.execPath, emix.folder, tsc, "--ignoreConfig", ...options, ...types, "consumer.ts");
  expect(output).toBe("");
});
