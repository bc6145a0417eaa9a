import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  circles,
  type FunctionFigure,
  folders,
  functionsOf,
  hostRounded,
  importGraph,
  quantile,
  spreadCalls,
  typeComparisons,
} from "../support/figures.ts";
import { type SourceFile, sourceFiles } from "../support/sources.ts";
import { climbs, stepOf } from "../support/staircase.ts";

const MOST_LINES = 250;
const LOOP_LINES = 40;
const ROOT_FILES = 6;
const FOLDER_FILES = 15;
const WIDE_FUNCTIONS = 10;
const VAGUE_NAMES = /^(utils?|helpers?|common|misc|shared|lib|tools?)\b/;

/** Every arrow that may be. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  io: ["core"],
  workers: ["core"],
  report: ["core"],
  cluster: ["io", "workers", "core"],
  emix: ["cluster", "report", "io", "workers", "core"],
};

/** Libraries that one place alone may know. */
const CONFINED: Readonly<Record<string, (file: string) => boolean>> = {
  piscina: (file) => file === "workers/src/pool.ts",
  comlink: (file) => file.startsWith("workers/src/engine/"),
  seedrandom: (file) => file === "core/src/random.ts",
  wasmati: (file) => file === "core/src/kernels/simd/language/wasm.ts",
  "@duckdb/node-api": (file) => file.startsWith("io/src/duckdb/"),
  "@observablehq/plot": (file) => file === "report/src/figures/drawing.ts",
  linkedom: (file) => file === "report/src/figures/drawing.ts",
  bullmq: (file) => file === "cluster/src/redis/broker.ts",
  ioredis: (file) => file === "cluster/src/redis/store.ts",
  "@resvg/resvg-js": (file) => file === "report/src/png.ts",
  commander: (file) => file.startsWith("emix/src/cli"),
};

/** Calls that spread a few values: parts of a number, the operands of an instruction. */
const SPREAD: ReadonlySet<string> = new Set([
  "core/src/kernels/simd/forms/few-moments.ts: found[found.length - 1].entries.push(...column(j))",
  'core/src/kernels/simd/language/wasm.ts: expression("v128", () => void instruction(), ...inputs)',
  "core/src/mixture/parameters.ts: notSymmetric(matrix, ...entry)",
  "io/src/models/onnx/protobuf.ts: Buffer.of(...varint(field * 8 + VARINT), ...varint(value))",
  "io/src/models/onnx/protobuf.ts: Buffer.of(...varint(field * 8 + DELIMITED), ...varint(content.length))",
  "report/src/figures/badges.ts: badges(kept)(...given)",
]);

const files = sourceFiles();
const fileNames = new Set(files.map(({ file }) => file));

/** "file → what it imports" of all imports for which `wrong` holds. */
function offenders(wrong: (source: SourceFile, specifier: string, target: string | null) => boolean): string[] {
  return files.flatMap((source) =>
    source.imports
      .filter(({ specifier, file }) => wrong(source, specifier, file))
      .map(({ specifier }) => `${source.file} → ${specifier}`),
  );
}

describe("the import graph", () => {
  test("is read: every package, and the imports known to be there", () => {
    expect([...new Set(files.map((source) => source.package))].sort()).toEqual(Object.keys(ARROWS).sort());
    const importsOf = (file: string) => files.find((source) => source.file === file)?.imports ?? [];
    expect(importsOf("core/src/step/em.ts").map(({ file }) => file)).toContain("core/src/step/expectation.ts");
    expect(importsOf("core/src/random.ts").map(({ specifier }) => specifier)).toContain("seedrandom");
    expect(importsOf("workers/src/pool.ts").map(({ specifier }) => specifier)).toContain("piscina");
  });

  test("arrows point one way: emix → cluster, report → io, workers → core", () => {
    const packageOf = (specifier: string) => /^(?:@emix\/(\w+)|(emix))(?:\/|$)/.exec(specifier)?.slice(1).find(Boolean);
    expect(
      offenders((source, specifier) => {
        const target = packageOf(specifier);
        return target !== undefined && !ARROWS[source.package].includes(target);
      }),
    ).toEqual([]);
  });

  test("packages are entered by their door: no path into another package's src", () => {
    expect(offenders((_, specifier) => /^@emix\/\w+\/|^emix\//.test(specifier))).toEqual([]);
    expect(offenders((source, _, target) => target !== null && !target.startsWith(`${source.package}/src/`))).toEqual(
      [],
    );
  });

  test.each(["core", "workers", "io", "cluster"])(
    "the door of %s shows what other packages import, and nothing else",
    (name) => {
      const namesFrom = (source: SourceFile, wanted: (specifier: string) => boolean) =>
        source.imports.filter(({ specifier }) => wanted(specifier)).flatMap(({ names }) => names);
      const door = files.find(({ file }) => file === `${name}/src/index.ts`) as SourceFile;
      const imported = new Set(
        files.flatMap((source) => namesFrom(source, (specifier) => specifier === `@emix/${name}`)),
      );
      const shown = namesFrom(door, (specifier) => specifier.startsWith("."));
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.filter((one) => !imported.has(one))).toEqual([]);
    },
  );

  test("every relative import is of a file that is there", () => {
    expect(offenders((_, __, target) => target !== null && !fileNames.has(target))).toEqual([]);
  });

  test.each(Object.entries(CONFINED))("%s is known in one place", (library, allowed) => {
    const isLibrary = (specifier: string) => specifier === library || specifier.startsWith(`${library}/`);
    expect(offenders(({ file }, specifier) => isLibrary(specifier) && !allowed(file))).toEqual([]);
  });

  test("core knows no Node: only ml-matrix, seedrandom and wasmati", () => {
    const allowed = ["ml-matrix", "seedrandom", "wasmati"];
    const foreign = (specifier: string) => !specifier.startsWith(".") && !allowed.includes(specifier);
    expect(offenders((source, specifier) => source.package === "core" && foreign(specifier))).toEqual([]);
  });

  test("no circle of imports, types counted", () => {
    const known = { a: ["b"], b: ["c", "d"], c: ["b"], d: [], e: ["e"] };
    expect(circles(new Map(Object.entries(known)))).toEqual([
      ["b", "c", "b"],
      ["e", "e"],
    ]);
    expect(circles(importGraph(files, { types: true })).map((circle) => circle.join(" → "))).toEqual([]);
  });
});

describe("the rooms of core", () => {
  const core = files.filter((source) => source.package === "core");

  test("hold every file", () => {
    expect(core.filter(({ file }) => stepOf(file) < 0).map(({ file }) => file)).toEqual([]);
  });

  test("use only rooms below them", () => {
    expect(climbs(files)).toEqual([]);
  });

  test(`leave at most ${ROOT_FILES} files in core's root`, () => {
    const root = core.filter(({ file }) => dirname(file) === "core/src").map(({ file }) => file);
    expect(root.length, root.join("\n")).toBeLessThanOrEqual(ROOT_FILES);
  });
});

test("no source declares with `using`, which Node 22 cannot parse", () => {
  const declares = (line: string) => /^\s*(await )?using \w+ = /.test(line);
  expect([declares("  await using engine = x;"), declares(" * await using engine = x;")]).toEqual([true, false]);
  expect(files.filter(({ lines }) => lines.some(declares)).map(({ file }) => file)).toEqual([]);
});

describe("core", () => {
  test("has no clock, no threads, no Math.random", () => {
    const forbidden =
      /\b(Math\.random|Date\.now|new Date\b|performance\.now|setTimeout|setInterval|Atomics\.|process\.)/;
    const core = files.filter((source) => source.package === "core");
    const code = (line: string) => !/^\s*(\*|\/\*|\/\/)/.test(line) && forbidden.test(line);
    expect(core.filter(({ lines }) => lines.some(code)).map(({ file }) => file)).toEqual([]);
  });

  test("computes with what every host rounds alike: no Math.log and its kind, no power but x ** 2 and 2 ** constant", () => {
    const source = (...lines: string[]): SourceFile => ({
      package: "core",
      file: "a.ts",
      text: "",
      lines,
      imports: [],
    });
    const fine = ["Math.sqrt(x) + Math.fround(x)", "x ** 2", "2 ** -30", "2 ** MOST", "1.5 * 2 ** 52", "// e ** x"];
    expect(hostRounded([source(...fine)])).toEqual([]);
    const wrong = [
      "Math.log(x)",
      "xs.map(Math.exp)",
      "x ** y",
      "2 ** -exponent",
      "x ** 3",
      "10 ** 4",
      "Math.hypot(1, 2)",
    ];
    expect(hostRounded([source(...wrong)])).toHaveLength(wrong.length);
    expect(hostRounded(files.filter((one) => one.package === "core"))).toEqual([]);
    const results = [
      "emix/src/selection/",
      "emix/src/description.ts",
      "emix/src/cli/transforms.ts",
      "workers/",
      "io/src/models/onnx/",
    ];
    expect(hostRounded(files.filter(({ file }) => results.some((place) => file.startsWith(place))))).toEqual([]);
  });

  test(`the EM loop is at most ${LOOP_LINES} lines`, () => {
    const { lines } = files.find(({ file }) => file === "core/src/step/em.ts") as SourceFile;
    const first = lines.findIndex((line) => line.startsWith("export async function* em("));
    const length = lines.slice(first).indexOf("}") + 1;
    expect(first).toBeGreaterThan(0);
    expect(length).toBeGreaterThan(5);
    expect(length).toBeLessThanOrEqual(LOOP_LINES);
  });
});

describe("covariance types", () => {
  test("are compared by name in covariance/, forms of kernels and schemas of files alone: ask covarianceRow", () => {
    const lines = ['if (type !== "tied") return;', '    case "tied-diag":', 'const type = "full";', 'a === "fully"'];
    const known: SourceFile = { package: "core", file: "core/src/fit/fit.ts", text: "", lines, imports: [] };
    expect(typeComparisons([known])).toHaveLength(2);
    expect(typeComparisons([{ ...known, file: "core/src/kernels/simd/forms/form.ts" }])).toEqual([]);
    expect(typeComparisons(files)).toEqual([]);
  });
});

describe("files", () => {
  test(`only kernels are longer than ${MOST_LINES} lines`, () => {
    const long = files.filter(({ lines, file }) => lines.length > MOST_LINES && !file.startsWith("core/src/kernels/"));
    expect(long.map(({ file, lines }) => `${file}: ${lines.length}`)).toEqual([]);
  });

  test("are short: half of them up to 80 lines, nine of ten up to 160", () => {
    const lengths = files.map(({ lines }) => lines.length);
    expect(quantile(lengths, 0.5)).toBeLessThanOrEqual(80);
    expect(quantile(lengths, 0.9)).toBeLessThanOrEqual(160);
  });

  test(`lie at most ${FOLDER_FILES} to a folder`, () => {
    const full = [...folders(files)].filter(([, count]) => count > FOLDER_FILES);
    expect(full).toEqual([]);
  });

  test("are named after what they hold", () => {
    const vague = files.filter(({ file }) =>
      file
        .split("/")
        .slice(2)
        .some((part) => VAGUE_NAMES.test(part)),
    );
    expect(vague.map(({ file }) => file)).toEqual([]);
    expect(files.every(({ file }) => /^[a-z0-9-]+\.ts$/.test(basename(file)))).toBe(true);
  });

  test("have no `any` and no default export", () => {
    const matching = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
    expect(matching(/: any\b|<any>|\bas any\b/)).toEqual([]);
    expect(matching(/^export default /m)).toEqual([]);
  });
});

describe("functions", () => {
  const functions = files.flatMap(functionsOf);
  const place = ({ file, line, name }: FunctionFigure) => `${file}:${line} ${name}`;

  test("are counted: those known to be there", () => {
    const em = functions.find(({ file, name }) => file === "core/src/step/em.ts" && name === "em");
    expect(em?.lines).toBeGreaterThan(5);
    const claim = functions.find(({ file, name }) => file === "workers/src/ledger.ts" && name === "claim");
    expect(claim).toMatchObject({ lines: 9, parameters: 0 });
  });

  test("are short: of those longer than a line, half up to 6 lines, nine of ten up to 18", () => {
    const lengths = functions.map(({ lines }) => lines).filter((lines) => lines > 1);
    expect(quantile(lengths, 0.5)).toBeLessThanOrEqual(6);
    expect(quantile(lengths, 0.9)).toBeLessThanOrEqual(18);
  });

  test(`take fewer than 5 parameters, all but ${WIDE_FUNCTIONS}`, () => {
    const wide = functions.filter(({ parameters }) => parameters >= 5).map(place);
    expect(wide.length, wide.join("\n")).toBeLessThanOrEqual(WIDE_FUNCTIONS);
  });
});

describe("arguments", () => {
  test("are spread where they are few: a long array does not fit on the stack", () => {
    const text = "f(1, ...a); new F(...b); [...c]; g({ ...d }); f(h);";
    const known: SourceFile = { package: "core", file: "a.ts", text, lines: [text], imports: [] };
    expect(spreadCalls(known)).toEqual(["a.ts: f(1, ...a)", "a.ts: new F(...b)"]);
    expect(files.flatMap(spreadCalls).filter((call) => !SPREAD.has(call))).toEqual([]);
  });
});

describe("test/unit", () => {
  const unit = fileURLToPath(new URL(".", import.meta.url));
  const tests = readdirSync(unit, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));

  test("mirrors the packages: a test of core/src/step/em.ts is core/step/em.test.ts", () => {
    const sourceOf = (path: string) => path.replace("/", "/src/").replace(/\.test\.ts$/, ".ts");
    expect(tests).toContain("core/step/expectation.test.ts");
    const others = tests.filter((path) => !fileNames.has(sourceOf(path)));
    expect(others.sort()).toEqual(["architecture.test.ts", "docs.test.ts"]);
  });
});
