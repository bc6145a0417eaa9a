import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "./bundle.ts";

const PACKAGES = join(ROOT, "packages");
const IMPORT = /(from |import\()"(\.[^"]+|@emix\/\w+)"/g;

/**
 * Copies the declarations that the library's door leads to, which tsc wrote to the packages' dist, as
 * folder/<package>/…, so that users need none of our packages but emix.
 */
export function gatherTypes(folder: string): void {
  const known = new Set<string>();
  const copy = (path: string) => {
    if (known.has(path)) return;
    known.add(path);
    const text = readFileSync(join(PACKAGES, declared(path)), "utf8");
    const moved = text.replace(IMPORT, (_, before: string, specifier: string) => {
      const target = specifier.startsWith(".")
        ? join(dirname(path), specifier).replace(/\.ts$/, ".js")
        : `${specifier.slice("@emix/".length)}/index.js`;
      copy(target);
      const way = relative(dirname(path), target);
      return `${before}"${way.startsWith(".") ? way : `./${way}`}"`;
    });
    const to = join(folder, path.replace(/\.js$/, ".d.ts"));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, moved.replace(/\n?\/\/# sourceMappingURL=.*\n?$/, "\n"));
  };
  copy("emix/index.js");
}

/** in: path, <package>/<module>.js */
function declared(path: string): string {
  return path.replace("/", "/dist/").replace(/\.js$/, ".d.ts");
}
