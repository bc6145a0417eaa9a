import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { esmExternalRequirePlugin } from "rolldown/plugins";
import { changes } from "./changes.ts";

export const ROOT: string = fileURLToPath(new URL("..", import.meta.url));

/** What is left to Node, and packages that users install beside emix. */
const OUTSIDE = [
  /^node:/,
  ...builtinModules,
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

/**
 * Writes modules of ours, with all that they import, to a folder.
 * in: input, paths by the names of the modules; a single one becomes one file
 * out: paths of the files that went into them
 */
export async function bundle(input: Readonly<Record<string, string>>, dir: string): Promise<string[]> {
  const names = Object.keys(input);
  const built = await rolldown({
    input: { ...input },
    platform: "node",
    plugins: [changes(names[0]), esmExternalRequirePlugin({ external: OUTSIDE })],
    treeshake: { moduleSideEffects: (id, external) => !external && HAVE_EFFECTS.test(id) },
    checks: { bundlerTimings: false },
    onLog(level, { message }) {
      if (level === "warn") throw new Error(`rolldown: ${message}`);
    },
  });
  const { output } = await built.write({
    dir,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    ...(names.length === 1 && { codeSplitting: false }),
    // Names stay, so that a stack trace can be read.
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await built.close();
  return output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
}
