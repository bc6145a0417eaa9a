import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { type OutputChunk, type OutputOptions, type Plugin, rolldown } from "rolldown";
import { esmExternalRequirePlugin } from "rolldown/plugins";
import { changes } from "./changes.ts";

export const ROOT: string = fileURLToPath(new URL("..", import.meta.url));

/** What is left to Node, and packages that users install beside emix. */
const OUTSIDE = [
  /^node:/,
  ...builtinModules.map((name) => new RegExp(`^${name}$`)),
  /^@duckdb\//,
  /^apache-arrow$/,
  /^bullmq$/,
  /^ioredis$/,
  /^@observablehq\//,
  /^linkedom$/,
  /^@resvg\//,
];

/** Modules that do something when they are imported; the others are left out where nothing of them is used. */
const HAVE_EFFECTS = /\/(emix-engine|engine-thread|emix-worker|cli|codecs)\.ts$|\/piscina\//;

/** Other characters take V8 twice the memory for the whole file, and Node 6 ms to decode it. */
const inAscii: Plugin = {
  name: "in-ascii",
  generateBundle(_, bundled) {
    for (const chunk of Object.values(bundled)) if (chunk.type === "chunk") chunk.code = escaped(chunk.code);
  },
};

function escaped(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** How a module of ours is parted into files: into one, into those of its dynamic imports, or for each of them in a group. */
type Parts = NonNullable<OutputOptions["codeSplitting"]>;

/**
 * Writes a module of ours, with all that it imports, to a folder.
 * out: paths of the files that went into it
 */
export async function bundle(name: string, path: string, dir: string, parts: Parts): Promise<string[]> {
  const built = await rolldown({
    input: { [name]: path },
    platform: "node",
    plugins: [changes(name), esmExternalRequirePlugin({ external: OUTSIDE }), inAscii],
    treeshake: { moduleSideEffects: (id, external) => !external && HAVE_EFFECTS.test(id) },
    // What is imported later may be wanted at once elsewhere.
    checks: { bundlerTimings: false, ineffectiveDynamicImport: false },
    onLog(level, { message }) {
      if (level === "warn") throw new Error(`rolldown: ${message}`);
    },
  });
  const { output } = await built.write({
    dir,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    codeSplitting: parts,
    // Names of functions and classes stay, so that a stack trace can be read.
    minify: { compress: true, mangle: { toplevel: false, keepNames: true }, codegen: { removeWhitespace: true } },
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await built.close();
  for (const chunk of output) if (chunk.type === "chunk") requireLight(chunk);
  return output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
}

/** What is imported at once must not import packages that are needed only sometimes. */
function requireLight({ name, imports }: OutputChunk): void {
  const heavy = imports.filter(
    (module) => !module.startsWith("node:") && OUTSIDE.some((outside) => outside.test(module)),
  );
  if (/^(library|program)$/.test(name) && heavy.length > 0) throw new Error(`${name} imports ${heavy.join(", ")}`);
}
