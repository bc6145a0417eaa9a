import { dirname } from "node:path";
import {
  type ArrowFunctionExpression,
  type Function as FunctionNode,
  type Node,
  parseSync,
  visitorKeys,
} from "oxc-parser";
import type { SourceFile } from "./sources.ts";

export interface FunctionFigure {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly lines: number;
  readonly parameters: number;
}

/** Every function of a file: declarations, methods, arrows and expressions, those of one line as well. */
export function functionsOf({ file, text }: SourceFile): FunctionFigure[] {
  const found: FunctionFigure[] = [];
  visit(parseSync(file, text).program as Node, "");
  return found;

  function visit(node: Node, name: string): void {
    if (isFunction(node)) {
      found.push({
        file,
        line: lineAt(text, node.start),
        name: ("id" in node && node.id?.name) || name || "(anonymous)",
        lines: lineAt(text, node.end) - lineAt(text, node.start) + 1,
        parameters: node.params.length,
      });
    }
    for (const child of childrenOf(node)) visit(child, isFunction(child) ? nameGivenBy(node) : "");
  }
}

function isFunction(node: Node): node is FunctionNode | ArrowFunctionExpression {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

/** The name of the variable, property or method whose value a function is. */
function nameGivenBy(parent: Node): string {
  const named = "key" in parent ? parent.key : "id" in parent ? parent.id : null;
  return named !== null && typeof named === "object" && "name" in named ? String(named.name) : "";
}

function childrenOf(node: Node): Node[] {
  const values = (visitorKeys[node.type] ?? []).map((key) => (node as unknown as Record<string, unknown>)[key]);
  return values.flat().filter((value): value is Node => typeof value === "object" && value !== null);
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}

/** The value that a share of all values does not exceed; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Which file imports which, through relative imports; without types: what is loaded at run time. */
export function importGraph(files: readonly SourceFile[], { types }: { types: boolean }): ImportGraph {
  return new Map(
    files.map(({ file, imports }) => [
      file,
      imports.flatMap((one) => (one.file !== null && (types || !one.typeOnly) ? [one.file] : [])),
    ]),
  );
}

/** Every file that `file` loads, itself included. */
export function reach(graph: ImportGraph, file: string): Set<string> {
  const reached = new Set([file]);
  for (const one of reached) for (const next of graph.get(one) ?? []) reached.add(next);
  return reached;
}

/** The groups of files that reach each other, each as a shortest circle through one of them. */
export function circles(graph: ImportGraph): string[][] {
  const seen = new Set<string>();
  return [...graph.keys()].flatMap((file) => {
    const circle = seen.has(file) ? [] : circleThrough(graph, file);
    if (circle.length === 0) return [];
    for (const one of reach(graph, file)) if (reach(graph, one).has(file)) seen.add(one);
    return [circle];
  });
}

/** file → … → file by the fewest imports, or nothing. */
function circleThrough(graph: ImportGraph, file: string): string[] {
  const paths = (graph.get(file) ?? []).map((next) => [file, next]);
  const seen = new Set<string>();
  for (const path of paths) {
    const last = path[path.length - 1];
    if (last === file) return path;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const next of graph.get(last) ?? []) paths.push([...path, next]);
  }
  return [];
}

/** How many files lie in each folder itself. */
export function folders(files: readonly SourceFile[]): Map<string, number> {
  return new Map(
    Object.entries(Object.groupBy(files, ({ file }) => dirname(file))).map(([k, v]) => [k, v?.length ?? 0]),
  );
}

const TYPE_NAME = /"(?:full|tied|diag|spherical|tied-diag|tied-spherical)"/.source;
const COMPARISON = new RegExp(`[!=]==?\\s*${TYPE_NAME}|${TYPE_NAME}\\s*[!=]==?|\\bcase\\s+${TYPE_NAME}\\s*:`);

/** Covariance types, the forms of kernels, and the schemas of files may ask which type it is. */
const MAY_COMPARE = /^core\/src\/(covariance\/|kernels\/.*forms?\b|mixture\/json\.ts)/;

/** "file:line: code" wherever a covariance type is compared by its name, where that is not allowed. */
export function typeComparisons(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ file }) => !MAY_COMPARE.test(file))
    .flatMap(({ file, lines }) =>
      lines.flatMap((line, index) => (COMPARISON.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    );
}

/** "file: call" of every call or construction with a spread argument. */
export function spreadCalls({ file, text }: SourceFile): string[] {
  const found: string[] = [];
  visit(parseSync(file, text).program as Node);
  return found;

  function visit(node: Node): void {
    if ("arguments" in node && node.arguments.some(({ type }) => type === "SpreadElement")) {
      found.push(`${file}: ${text.slice(node.start, node.end).replace(/\s+/g, " ")}`);
    }
    childrenOf(node).forEach(visit);
  }
}

/** Functions whose last bit the language leaves to the host, and powers that are not of 2 or squares. */
const HOST_ROUNDED =
  /\bMath\.(?!abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc|E\b|LN|LOG|PI\b|SQRT)|(?<!\b2)\s\*\*\s(?!2\b)|\b2 \*\* (?!-?(?:\d|[A-Z][A-Z_]+\b|\([A-Z_]+ [+-] \d))/;

/** "file:line: code" wherever code computes with what hosts may round differently. */
export function hostRounded(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ file, lines }) =>
    lines.flatMap((line, index) => {
      const code = line.replace(/\/\/.*|^\s*\/?\*.*/, "");
      return HOST_ROUNDED.test(code) ? [`${file}:${index + 1}: ${line.trim()}`] : [];
    }),
  );
}
