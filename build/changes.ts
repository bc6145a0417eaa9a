import { fileURLToPath } from "node:url";
import type { Plugin } from "rolldown";
import { packedKernels } from "./kernels.ts";

/** Code that goes into the bundles otherwise than it is written. */
interface Change {
  /** the end of the module's path */
  readonly module: RegExp;
  readonly from: string | RegExp;
  /** in: what was found */
  readonly to: (found: string) => string;
}

const piscinaWorker = fileURLToPath(import.meta.resolve("../packages/workers/node_modules/piscina/dist/worker.js"));

/**
 * Piscina starts its threads with a file of its own, which imports the task. Here one file is both: threads start with
 * emix-worker, which has Piscina's code as well as the task.
 */
const PISCINA_IN_ONE_FILE: readonly Change[] = [
  {
    module: /\/piscina\/dist\/index\.js$/,
    from: "(0, node_path_1.resolve)(__dirname, 'worker.js')",
    to: () => "this.options.filename",
  },
  {
    module: /\/piscina\/dist\/worker\.js$/,
    from: "__importStar(require(s))",
    to: () => "import((0, node_url_1.pathToFileURL)(s).href)",
  },
  {
    module: /\/workers\/src\/emix-worker\.ts$/,
    from: /^/,
    to: () => `import ${JSON.stringify(piscinaWorker)};\n`,
  },
];

let kernels: string | undefined;

const KERNELS_AHEAD: Change = {
  module: /\/workers\/src\/kernels\/ready-kernels\.ts$/,
  from: 'READY: string = "";',
  to: () => {
    kernels ??= packedKernels();
    return `READY: string = "${kernels}";`;
  },
};

/** Workers only run kernels, which come to them as modules. wasmati, which writes them, takes 10 ms to import, so they go without. */
const NO_WASMATI: Change = {
  module: /\/core\/src\/kernels\/simd\/language\/wasm\.ts$/,
  from: /import \{[^}]*\} from "wasmati";/,
  to: (found) => {
    const names = found.slice(found.indexOf("{") + 1, found.indexOf("}")).split(",");
    const values = names.map((name) => name.trim()).filter((name) => name !== "" && !name.startsWith("type "));
    return values.map((name) => `const ${name} = {};`).join(" ");
  },
};

/** It is a global as well; to import it reads all its getters, which takes 2 ms. */
const GLOBAL_PROCESS: Change = {
  module: /\/commander\/lib\/command\.js$/,
  from: /import process from ['"]node:process['"];/,
  to: () => "",
};

/** Modules that packages import for what emix never asks of them. Those of Node take milliseconds to load. */
const UNUSED: Readonly<Record<string, RegExp>> = {
  "node:child_process": /\/commander\//,
  "node:fs": /\/commander\//,
  crypto: /\/seedrandom\//,
  "@napi-rs/nice": /\/piscina\//,
};

const EMPTY = "\0empty";

/**
 * Modules of Node that take milliseconds to load or to import (node:fs loads streams then), and that many programs ask
 * nothing. They are loaded at the first call.
 */
const LATER = /import (?:\{([^}]*)\}|\* as (\w+)) from ("node:(?:crypto|fs|stream\/promises|v8|vm|zlib)");/g;

const OURS = /\/packages\/\w+\/src\//;

/** In place of the imports of such modules, functions of the same names. */
function loadedLater(text: string): string {
  return [...text.matchAll(LATER)].reduce((before, [found, names, space, module]) => {
    const loaded = `process.getBuiltinModule(${module})`;
    if (space !== undefined) return before.replace(found, "").replace(new RegExp(`\\b${space}\\b`, "g"), loaded);
    const functions = names.split(",").map((name) => name.trim());
    const later = functions.map((name) => `const ${name} = (...all) => ${loaded}.${name}(...all);`);
    return before.replace(found, later.join(" "));
  }, text);
}

/** Other modules of Node, which an import would go through export by export: getters of a few take milliseconds. */
const AT_ONCE = /import (?!type )(?:(\w+)(?:, )?)?(?:\{([^}]*)\})? ?from (["']node:[\w/]+["']);/g;

/** In place of the imports of such modules, what they are asked for. in: id, of the module with this text */
function takenAsIs(text: string, id: string): string {
  return text.replace(AT_ONCE, (found, whole: string | undefined, names: string | undefined, module: string) => {
    if (UNUSED[module.slice(1, -1)]?.test(id)) return found;
    const loaded = `process.getBuiltinModule(${module})`;
    const values = (names ?? "").split(",").filter((name) => name.trim() !== "" && !name.trim().startsWith("type "));
    const taken = values.length === 0 ? [] : [`{${values.join(",").replace(/ as /g, ": ")}}`];
    return [...(whole ? [whole] : []), ...taken].map((names) => `const ${names} = ${loaded};`).join(" ");
  });
}

const COMMANDER = /\/commander\//;

/** Makes the changes. A change that finds nothing to change fails the build. in: module, the name of the bundle's entry */
export function changes(module: string): Plugin {
  const all = [...PISCINA_IN_ONE_FILE, GLOBAL_PROCESS, ...(module === "emix-worker" ? [NO_WASMATI] : [KERNELS_AHEAD])];
  return {
    name: "changes",
    resolveId: {
      order: "pre",
      handler: (source, importer = "") => (UNUSED[source]?.test(importer) ? EMPTY : undefined),
    },
    load: (id) => (id === EMPTY ? "export default undefined;" : undefined),
    transform(text, id) {
      const own = changed(text, id, all);
      if (OURS.test(id)) return takenAsIs(loadedLater(own), id);
      return COMMANDER.test(id) ? takenAsIs(own, id) : own;
    },
  };
}

function changed(text: string, id: string, all: readonly Change[]): string {
  return all
    .filter(({ module }) => module.test(id))
    .reduce((before, { from, to }) => {
      const found = typeof from === "string" ? before.includes(from) : from.test(before);
      if (!found) throw new Error(`The build changes code that is no longer there: ${from} in ${id}`);
      return before.replace(from, (match) => to(match));
    }, text);
}
