import { extname } from "node:path";
import { invalidOption } from "@emix/core";
import { isPattern } from "./fields.ts";

/**
 * Where the rows of a file go. in: pattern, of outputs, with one *; path, of the file below the root
 * out: the pattern with the path in place of the *, without its ending
 */
export function outputPath(pattern: string, path: string): string {
  const compressed = /\.(gz|zst)$/i.test(path) ? path.slice(0, -extname(path).length) : path;
  return pattern.replace("*", () => compressed.slice(0, compressed.length - extname(compressed).length));
}

/** Sees that files get outputs of their own. in: paths of the files. @throws INVALID_OPTION */
export function requireOutputs(pattern: unknown, paths: readonly string[]): asserts pattern is string {
  if (!isPattern(pattern)) {
    throw invalidOption(
      "output",
      'a path with one *, which stands for the name of a file, as "labels/*.parquet"',
      pattern,
    );
  }
  const targets = new Map<string, string>();
  for (const path of paths) {
    const target = outputPath(pattern, path);
    const other = targets.get(target);
    if (other !== undefined) {
      throw invalidOption("output", `a path for each file, and ${other} and ${path} have the same`, pattern);
    }
    targets.set(target, path);
  }
}
