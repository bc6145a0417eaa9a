import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { type SourceFile, sourceFiles } from "../support/sources.ts";

const MOST_LINES = 250;
const LOOP_LINES = 40;
const VAGUE_NAMES = /^(utils?|helpers?|common|misc|shared|lib|tools?)\b/;

/** Every arrow that may be. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  io: ["core"],
  workers: ["core"],
  emix: ["io", "workers", "core"],
};

/** Libraries that one place alone may know. */
const CONFINED: Readonly<Record<string, (file: string) => boolean>> = {
  piscina: (file) => file === "workers/src/pool.ts",
  comlink: (file) => file.startsWith("workers/src/engine/"),
  seedrandom: (file) => file === "core/src/random.ts",
  wasmati: (file) => file === "core/src/kernels/simd/language/wasm.ts",
  "@duckdb/node-api": (file) => file.startsWith("io/src/duckdb/"),
  commander: (file) => file.startsWith("emix/src/cli"),
};

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

  test("arrows point one way: emix → io, workers → core", () => {
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

  test("no cycle of imports, types aside", () => {
    const graph = new Map(
      files.map(({ file, imports }) => [file, imports.flatMap((one) => (one.file && !one.typeOnly ? [one.file] : []))]),
    );
    expect(cycle(graph)).toEqual([]);
  });
});

describe("core", () => {
  test("has no clock, no threads, no Math.random", () => {
    const forbidden =
      /\b(Math\.random|Date\.now|new Date\b|performance\.now|setTimeout|setInterval|Atomics\.|process\.)/;
    const core = files.filter((source) => source.package === "core");
    const code = (line: string) => !/^\s*(\*|\/\*|\/\/)/.test(line) && forbidden.test(line);
    expect(core.filter(({ lines }) => lines.some(code)).map(({ file }) => file)).toEqual([]);
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

describe("files", () => {
  test(`only kernels are longer than ${MOST_LINES} lines`, () => {
    const long = files.filter(({ lines, file }) => lines.length > MOST_LINES && !file.startsWith("core/src/kernels/"));
    expect(long.map(({ file, lines }) => `${file}: ${lines.length}`)).toEqual([]);
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

  test("have no `any`, and no default export but the one that Piscina calls", () => {
    const matching = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
    expect(matching(/: any\b|<any>|\bas any\b/)).toEqual([]);
    expect(matching(/^export default /m)).toEqual(["workers/src/worker.ts"]);
  });
});

/** A cycle of the graph, or nothing. */
function cycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      const found = visit(next);
      if (found.length > 0) return found;
    }
    path.pop();
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const found = visit(file);
    if (found.length > 0) return found;
  }
  return [];
}
