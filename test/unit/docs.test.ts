import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { promisify } from "node:util";
import { FIT_OPTIONS, PRIOR_OPTIONS } from "@emix/core";
import { afterAll, describe, expect, test } from "vitest";
import { askPython, PATIENCE_MS } from "../python/python.ts";
import { blocksOf, codeFolder, timeless } from "../support/page-code.ts";
import { flagsGiven, flagsOfCommands, namedTables } from "../support/page-names.ts";
import { anchors, numbersOf, page, paths, ROOT } from "../support/pages.ts";

/** What a benchmark's file keeps of a system: milliseconds of an EM step. */
interface System {
  readonly step: { readonly least: number };
}

/** Flags of our own programs. */
const EXAMPLE_FLAGS = ["--limit"];
const PLANS = /the seed's|not built yet|will be built|not done yet|\bTODO\b/i;

const known = paths();
const pages = known.filter((path) => path.endsWith(".md")).map(page);
const pageOf = (path: string) => pages.find((one) => one.path === path) ?? page(path);
const derivation = pageOf("docs/derivation.md");
const readme = pageOf("README.md");
const named = pages.flatMap(namedTables);
const sources = known
  .filter((path) => /^packages\/.*\.ts$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

/** "where: what" of every match that is wrong. */
function wrong(texts: readonly { path: string; text: string }[], pattern: RegExp, right: (match: string[]) => boolean) {
  return texts.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].filter((match) => !right(match)).map(([match]) => `${path}: ${match}`),
  );
}

const prose = pages.map(({ path, prose: text }) => ({ path, text }));

describe("pages", () => {
  test("are read", () => {
    const read = pages.map(({ path }) => path);
    expect(read).toEqual(
      expect.arrayContaining(["README.md", "ARCHITECTURE.md", "docs/glossary.md", "data/README.md"]),
    );
  });

  test("and comments name only files that exist, by the end of their path", () => {
    const exists = ([, written]: string[]) => {
      const name = written.replace(/^(\.\.\/)+/, "");
      return known.some((path) => path === name || path.endsWith(`/${name}`));
    };
    const names = /(?<![\w/.@:*>-])((?:[\w.-]+\/)*[\w.-]+\.(?:ts|md|json|py|csv|svg|yaml))\b(?![\w/*])/g;
    const comments = sources.map(({ path, text }) => ({
      path,
      text: (text.match(/^\s*(\*|\/[/*]).*/gm) ?? []).join("\n"),
    }));
    expect(wrong([...prose, ...comments], names, exists)).toEqual([]);
  });

  test("name only folders that exist", () => {
    const exists = ([, name]: string[]) => known.some((path) => path === name || path.endsWith(`/${name}`));
    expect(wrong(prose, /`((?:[\w.-]+\/)+)`/g, exists)).toEqual([]);
    const inside = ([, name]: string[]) => known.includes(`${name}/`) || known.includes(name);
    expect(wrong(prose, /`((?:packages|test|bench|docs)\/[\w/-]+)`/g, inside)).toEqual([]);
  });

  test("link only to pages and headings that exist", () => {
    const exists = (from: string, [, target, anchor]: string[]) => {
      if (/^https?:/.test(target)) return true;
      const path = target === "" ? from : normalize(join(dirname(from), target)).replaceAll("\\", "/");
      return known.includes(path) && (anchor === undefined || anchors(pageOf(path)).includes(anchor));
    };
    const links = /\]\(([^)#\s]*)(?:#([^)\s]+))?\)/g;
    expect(prose.flatMap((one) => wrong([one], links, (match) => exists(one.path, match)))).toEqual([]);
  });

  test("and comments speak of what is there, not of plans", () => {
    expect(wrong([...pages, ...sources], new RegExp(PLANS, "gi"), () => false)).toEqual([]);
  });
});

describe("the derivation", () => {
  const equations = derivation.fences.flatMap(({ text }) =>
    [...text.matchAll(/\s\((\d+)\)\s*$/gm)].map(([, equation]) => Number(equation)),
  );

  test("numbers its equations from 1 on, each once and in order", () => {
    expect(equations.length).toBeGreaterThan(20);
    expect(equations).toEqual(equations.map((_, i) => i + 1));
  });

  test("has every equation that pages and comments cite", () => {
    const cited = /\beqs?\.\s+(\d+(?:(?:\s*[–-]\s*|,\s*|\s+and\s+)\d+)*)/g;
    const exists = ([, list]: string[]) => numbersOf(list).every((equation) => equations.includes(equation));
    expect(wrong([...prose, ...sources], cited, exists)).toEqual([]);
    expect(sources.flatMap(({ text }) => [...text.matchAll(cited)]).length).toBeGreaterThan(5);
    const parentheses = prose.filter(({ path }) => /derivation|numerics/.test(path));
    expect(wrong(parentheses, /\(([1-9]\d?)\)/g, exists)).toEqual([]);
  });

  test("has every section that pages and comments cite", () => {
    const sections = [...derivation.prose.matchAll(/^## (\d+)\. /gm)].map(([, section]) => Number(section));
    const exists = ([, list]: string[]) => numbersOf(list.replaceAll("§", "")).every((one) => sections.includes(one));
    expect(wrong([...prose, ...sources], /derivation\.md (§\d+(?:[–-]§?\d+)?)/g, exists)).toEqual([]);
    expect(wrong([{ path: "derivation", text: derivation.prose }], /(§\d+)/g, exists)).toEqual([]);
  });
});

describe("the code of pages", () => {
  const { run, write, folder, remove } = codeFolder();
  afterAll(remove);

  const guide = pages.filter(({ path }) => path.startsWith("docs/guide/"));
  const programs = [readme, ...guide].flatMap(blocksOf).filter(({ language }) => language === "ts");

  test("is there, with what it prints", () => {
    expect(guide.map(({ path }) => path)).toContain("docs/guide/command.md");
    expect(programs.filter(({ outputs }) => outputs.length > 0).length).toBeGreaterThan(5);
  });

  test.concurrent.each(programs.filter(({ page }) => page === "README.md"))(
    "README.md, block $number",
    async (block) => {
      const { stdout } = await run(block);
      for (const output of block.outputs) expect(stdout.trimEnd()).toBe(output);
    },
  );

  // Blocks of a page go on from those before them.
  test.concurrent.each(guide)("$path runs, block by block", { timeout: PATIENCE_MS }, async (one) => {
    for (const block of blocksOf(one)) {
      const { stdout, stderr } = await run(block);
      const printed = [stdout, stderr].map(timeless);
      const missing = block.outputs.filter((output) => !printed.some((text) => text.includes(timeless(output))));
      expect(missing, `${one.path}, block ${block.number} prints ${stdout}${stderr}`).toEqual([]);
    }
  });

  test("has right types, and tables name what there is", async () => {
    const columns = named.flatMap((table) => table.columns).filter(({ of }) => /^[A-Z]|^keyof /.test(of));
    expect(columns.length).toBeGreaterThan(8);
    const tables = columns.map(({ page, of, names }, i) => {
      const type = /[A-Z]\w*/.exec(of)?.[0];
      const text = `import type { ${type} } from "emix";\n${JSON.stringify(names)} satisfies (${of})[];\n`;
      return { page, number: 1000 + i, language: "ts", text, outputs: [] };
    });
    const files = [...programs, ...tables].map(write);
    const types = { noEmit: true, composite: false, allowImportingTsExtensions: true, incremental: false };
    const emitsNothing = { isolatedDeclarations: false, declaration: false, declarationMap: false };
    const compilerOptions = { ...types, ...emitsNothing, typeRoots: [join(ROOT, "node_modules", "@types")] };
    const project = join(folder, "tsconfig.json");
    const extended = join(ROOT, "tsconfig.base.json");
    writeFileSync(project, JSON.stringify({ extends: extended, compilerOptions, files }));
    const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = await promisify(execFile)(process.execPath, [compiler, "-p", project]).catch((error) => error);
    expect(stdout).toBe("");
  });
});

describe("names of the command", () => {
  const flags = flagsOfCommands();
  const all = new Set([...flags.values()].flatMap((known) => [...known]));
  const about = pages.filter(({ path }) => /^README|^docs\/(guide|models)|^examples/.test(path));

  test("are flags that the command has", () => {
    const given = about.flatMap(flagsGiven).filter(({ command }) => command !== "completion");
    expect(given.length).toBeGreaterThan(40);
    expect(given.filter(({ command, flag }) => !flags.get(command)?.has(flag))).toEqual([]);
    const ours = [...all, ...EXAMPLE_FLAGS];
    expect(
      wrong(
        about.map(({ path, prose: text }) => ({ path, text })),
        /`(--?[a-z][\w-]*)/g,
        ([, flag]) => ours.includes(flag),
      ),
    ).toEqual([]);
    expect(wrong(prose, /`emix ([a-z]+)/g, ([, command]) => flags.has(command) || command === "completion")).toEqual(
      [],
    );
  });

  test("belong to the options beside them", () => {
    const tables = { ...FIT_OPTIONS, ...PRIOR_OPTIONS };
    const pairs = named.flatMap((table) => table.pairs);
    expect(pairs.length).toBeGreaterThan(10);
    const belongs = ([option, flag]: readonly [string, string]) =>
      (tables[option as keyof typeof tables].flags ?? []).some(({ name }) => name.split(", ").includes(flag));
    expect(pairs.filter((pair) => !belongs(pair))).toEqual([]);
  });

  test("are those of scikit-learn", { timeout: PATIENCE_MS }, async () => {
    const theirs = named.flatMap((table) => table.columns).filter(({ of }) => of.startsWith("sklearn"));
    expect(theirs.length).toBeGreaterThan(4);
    const unknown = await askPython<string[]>(
      `
from inspect import signature
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture
X = np.arange(20.0).reshape(10, 2) ** 2
kinds = [GaussianMixture, BayesianGaussianMixture]
known = {"sklearn parameter": {p for kind in kinds for p in signature(kind).parameters},
         "sklearn member": {m for kind in kinds for m in dir(kind(reg_covar=1).fit(X))}}
print(json.dumps([name for column in question for name in column["names"] if name not in known[column["of"]]]))`,
      theirs,
    );
    expect(unknown).toEqual([]);
  });
});

describe("the README", () => {
  test("shows what the command prints, times aside, and so does the picture", async () => {
    const block = blocksOf(readme).find(({ language }) => language === "sh");
    const { run, remove } = codeFolder();
    const { stdout } = await run(block as NonNullable<typeof block>).finally(remove);
    expect(timeless(block?.outputs[0] ?? "")).toBe(timeless(stdout));
    const picture = readFileSync(join(ROOT, "docs", "output.svg"), "utf8");
    const lines = [...picture.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, line]) => line);
    expect(timeless(lines.slice(1).join("\n"))).toBe(timeless(stdout));
  });

  test("shows times that were measured", () => {
    const measured = known
      .filter((path) => /^bench\/results\/.*\.json$/.test(path))
      .flatMap((path) => JSON.parse(readFileSync(join(ROOT, path), "utf8")).results as { systems: System[] }[])
      .flatMap(({ systems }) => systems.map(({ step }) => step.least.toFixed(1)));
    const [table] = /^\| points, components(?:.*\n)*?(?=\n)/m.exec(readme.text) as RegExpExecArray;
    const shown = [...table.matchAll(/\d+\.\d/g)].map(([time]) => time);
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((time) => !measured.includes(time))).toEqual([]);
  });

  test("has the two commands for a fresh clone", () => {
    expect(readme.text).toContain("npx -y pnpm@12 start");
    expect(readme.text).toContain("npx -y pnpm@12 test");
  });
});
