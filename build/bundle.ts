import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { type Plugin, rolldown } from "rolldown";
import { esmExternalRequirePlugin } from "rolldown/plugins";

export const ROOT: string = fileURLToPath(new URL("..", import.meta.url));

/** Modules that are left to Node, and packages that users install beside emix. */
const OUTSIDE = [
  /^node:/,
  ...builtinModules,
  /^@duckdb\//,
  /^apache-arrow$/,
  /^@observablehq\//,
  /^linkedom$/,
  /^@resvg\//,
];

/** Modules that do something when they are imported. */
const HAVE_EFFECTS = /\/(emix-engine|engine-thread|emix-worker|cli|codecs)\.ts$|\/piscina\//;

/**
 * Writes modules of ours, with all that they import, to a folder.
 * in: input, paths by the names of the modules; a single one becomes one file
 * out: paths of the files that went into them
 */
export async function bundle(input: Readonly<Record<string, string>>, dir: string): Promise<string[]> {
  const single = Object.keys(input).length === 1;
  const built = await rolldown({
    input: { ...input },
    platform: "node",
    plugins: [piscinaInOneFile(), esmExternalRequirePlugin({ external: OUTSIDE })],
    treeshake: { moduleSideEffects: (id, external) => !external && HAVE_EFFECTS.test(id) },
    onLog(level, log) {
      if (level === "warn") throw new Error(`rolldown: ${log.message}`);
    },
  });
  const { output } = await built.write({
    dir,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    ...(single && { codeSplitting: false }),
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await built.close();
  return output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds : []));
}

/**
 * Piscina starts its threads with a file of its own, which imports the task. Here one file is both: the thread starts
 * with emix-worker, which has Piscina's code and the task.
 */
function piscinaInOneFile(): Plugin {
  const piscina = fileURLToPath(new URL("../packages/workers/node_modules/piscina/dist/", import.meta.url));
  const changes: readonly (readonly [RegExp, (text: string) => string])[] = [
    [/piscina\/dist\/index\.js$/, change("(0, node_path_1.resolve)(__dirname, 'worker.js')", "this.options.filename")],
    [
      /piscina\/dist\/worker\.js$/,
      (text) =>
        change(
          "__importStar(require(s))",
          "import((0, node_url_1.pathToFileURL)(s).href)",
        )(
          change("Promise.resolve().then(() => __importStar(require('@napi-rs/nice')))", "Promise.resolve(null)")(text),
        ),
    ],
    [/workers\/src\/emix-worker\.ts$/, (text) => `import ${JSON.stringify(`${piscina}worker.js`)};\n${text}`],
  ];
  return {
    name: "piscina-in-one-file",
    transform(text, id) {
      const found = changes.find(([path]) => path.test(id));
      return found?.[1](text);
    },
  };
}

function change(from: string, to: string): (text: string) => string {
  return (text) => {
    if (!text.includes(from)) throw new Error(`Piscina has changed: its code has no ${from}`);
    return text.replace(from, () => to);
  };
}
