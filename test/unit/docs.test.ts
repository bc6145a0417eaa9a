import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { anchors, numbersOf, page, paths, ROOT } from "../support/pages.ts";

/** What a benchmark's file keeps of a system: milliseconds of an EM step. */
interface System {
  readonly step: { readonly least: number };
}

const PLANS = /the seed's|not built yet|will be built|not done yet|\bTODO\b/i;

const known = paths();
const pages = known.filter((path) => path.endsWith(".md")).map(page);
const pageOf = (path: string) => pages.find((one) => one.path === path) ?? page(path);
const derivation = pageOf("docs/derivation.md");
const readme = pageOf("README.md");
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
    const exists = ([, name]: string[]) => known.some((path) => path === name || path.endsWith(`/${name}`));
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

describe("the README", () => {
  const run = promisify(execFile);
  const folder = mkdtempSync(join(tmpdir(), "emix-readme-"));
  symlinkSync(join(ROOT, "test", "node_modules"), join(folder, "node_modules"), "junction");
  afterAll(() => rmSync(folder, { recursive: true }));

  const next = (i: number) => (readme.fences[i + 1]?.language === "text" ? readme.fences[i + 1].text.trimEnd() : null);
  const examples = readme.fences.flatMap(({ language, text }, i) =>
    language === "ts" ? [{ file: join(folder, `example-${i}.mts`), text, output: next(i) }] : [],
  );
  for (const { file, text } of examples) writeFileSync(file, text);

  test("has an example with its output", () => {
    expect(examples.filter(({ output }) => output !== null).length).toBeGreaterThan(0);
  });

  test.each(examples.map((example, i) => ({ ...example, number: i + 1 })))("example $number runs", async (example) => {
    const { stdout } = await run(process.execPath, [example.file], { cwd: ROOT });
    if (example.output !== null) expect(stdout.trimEnd()).toBe(example.output);
  });

  test("examples have right types", async () => {
    const types = { noEmit: true, composite: false, allowImportingTsExtensions: true, incremental: false };
    const emitsNothing = { isolatedDeclarations: false, declaration: false, declarationMap: false };
    const compilerOptions = { ...types, ...emitsNothing, typeRoots: [join(ROOT, "node_modules", "@types")] };
    const project = join(folder, "tsconfig.json");
    const extended = join(ROOT, "tsconfig.base.json");
    writeFileSync(
      project,
      JSON.stringify({ extends: extended, compilerOptions, files: examples.map(({ file }) => file) }),
    );
    const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = await run(process.execPath, [compiler, "-p", project]).catch((error) => error);
    expect(stdout).toBe("");
  });

  test("shows what the command prints, times aside, and so does the picture", async () => {
    const at = readme.fences.findIndex(({ language }) => language === "sh");
    const [, words] = /emix (fit [^\n]+)/.exec(readme.fences[at].text) as RegExpExecArray;
    const cli = join(ROOT, "packages", "emix", "src", "cli.ts");
    const { stdout } = await run(process.execPath, [cli, ...words.split(" ")], { cwd: ROOT });
    const timeless = (text: string | null) =>
      text?.trimEnd().replace(/^read in .*$/m, (line) => line.replace(/[\d.,]+/g, "0"));
    expect(timeless(next(at))).toBe(timeless(stdout));
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
