import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository, without a slash at its end. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");

const SKIPPED = new Set(["node_modules", "dist", ".git", ".venv", "out", "coverage"]);

/** Every file of the repository by its path from the root, and every folder with a slash at its end. */
export function paths(folder: string = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      const name = relative(ROOT, path).replaceAll("\\", "/");
      return entry.isDirectory() ? [`${name}/`, ...paths(path)] : [name];
    });
}

interface Fence {
  /** what stands behind the backticks that open it */
  readonly language: string;
  readonly text: string;
}

/** A page of Markdown, in fenced blocks and what lies between them. */
export interface Page {
  readonly path: string;
  readonly text: string;
  readonly prose: string;
  readonly fences: readonly Fence[];
}

export function page(path: string): Page {
  const text = readFileSync(join(ROOT, path), "utf8");
  const fenced = /^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm;
  const fences = [...text.matchAll(fenced)].map(([, language, body]) => ({ language, text: body }));
  return { path, text, prose: text.replace(fenced, ""), fences };
}

/** "7, 9–12 and 37" → 7, 9, 10, 11, 12, 37 */
export function numbersOf(list: string): number[] {
  return [...list.matchAll(/(\d+)(?:\s*[–-]\s*(\d+))?/g)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i),
  );
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchors({ prose }: Page): string[] {
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
