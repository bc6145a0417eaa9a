import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../packages", import.meta.url));

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  /** of a relative import: the file, from packages/ */
  readonly file: string | null;
}

export interface SourceFile {
  readonly package: string;
  /** from packages/, as core/src/step/em.ts */
  readonly file: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly imports: readonly Import[];
}

/** Every TypeScript file under packages/…/src, with what it imports. */
export function sourceFiles(): SourceFile[] {
  return readdirSync(ROOT).flatMap((name) =>
    readdirSync(join(ROOT, name, "src"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => sourceFile(name, join(ROOT, name, "src", file))),
  );
}

function sourceFile(name: string, path: string): SourceFile {
  const text = readFileSync(path, "utf8");
  return {
    package: name,
    file: relative(ROOT, path),
    text,
    lines: text.trimEnd().split("\n"),
    imports: importsOf(text, path),
  };
}

/** Static imports and re-exports, imports for effect, dynamic imports of a literal. */
const IMPORTS =
  /^\s*(import|export)\s+(type\s+)?[^"';]*?from\s*"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;

function importsOf(text: string, path: string): Import[] {
  return [...text.matchAll(IMPORTS)].map(([, , type, from, effect, dynamic]) => {
    const specifier = from ?? effect ?? dynamic;
    const file = specifier.startsWith(".") ? relative(ROOT, join(dirname(path), specifier)) : null;
    return { specifier, typeOnly: type !== undefined, file };
  });
}
