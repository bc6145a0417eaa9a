import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGES = fileURLToPath(new URL("../../packages", import.meta.url));

interface Import {
  readonly specifier: string;
  /** what it names in braces, types as well, by their names over there */
  readonly names: readonly string[];
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

/** Every TypeScript file under `packages`/…/src, with what it imports. */
export function sourceFiles(packages: string = PACKAGES): SourceFile[] {
  return readdirSync(packages).flatMap((name) =>
    readdirSync(join(packages, name, "src"), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .sort()
      .map((path) => sourceFile(packages, join(name, "src", path))),
  );
}

function sourceFile(packages: string, file: string): SourceFile {
  const text = readFileSync(join(packages, file), "utf8");
  return {
    package: file.slice(0, file.indexOf("/")),
    file,
    text,
    lines: text.trimEnd().split("\n"),
    imports: importsOf(text, file),
  };
}

/** Static imports and re-exports, imports for effect, dynamic imports of a literal. */
const IMPORTS =
  /^\s*(?:import|export)\s+(type\s+)?([^"';]*?)from\s*"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;

function importsOf(text: string, importer: string): Import[] {
  return [...text.matchAll(IMPORTS)].map(([, type, clause, from, effect, dynamic]) => {
    const specifier = from ?? effect ?? dynamic;
    const file = specifier.startsWith(".") ? join(dirname(importer), specifier) : null;
    return { specifier, names: namesIn(clause ?? ""), typeOnly: type !== undefined, file };
  });
}

function namesIn(clause: string): string[] {
  const [, inner = ""] = /\{([^}]*)\}/.exec(clause) ?? [];
  return inner.split(",").flatMap((item) => /^\s*(?:type\s+)?(\w+)/.exec(item)?.[1] ?? []);
}
