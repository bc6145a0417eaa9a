import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { threadNotFound, threadRefused } from "./errors.ts";

/** The modules that threads run, by the option that says where they are. They lie beside this one. */
const MODULES = { workerUrl: "emix-worker", engineUrl: "emix-engine" } as const;

/**
 * The URL of a module that threads run.
 * @param given what the caller gave for the option
 * @throws THREAD_NOT_STARTED
 */
export function threadModule(option: keyof typeof MODULES, given?: string): string {
  const url = given ?? beside(MODULES[option], thisModule());
  if (url === undefined || !exists(url)) throw threadNotFound(option, MODULES[option], url);
  return url;
}

/**
 * May threads start while others compile kernels? Not from the sources: there, a thread that starts strips types with a
 * WebAssembly module, and V8 aborts if it optimises that one while our flags are set (kernels/compile.ts).
 */
export function threadsStartQuietly(): boolean {
  return thisModule()?.endsWith(".ts") === false;
}

/** Starts threads. @throws THREAD_NOT_STARTED */
export function startThreads<T>(start: () => T): T {
  try {
    return start();
  } catch (error) {
    throw threadRefused(error);
  }
}

/** The URL of a module beside another one, with the same ending: `.ts` in the sources, `.js` as published. */
function beside(name: string, moduleUrl: string | undefined): string | undefined {
  if (moduleUrl === undefined) return undefined;
  return new URL(`./${name}${moduleUrl.slice(moduleUrl.lastIndexOf("."))}`, moduleUrl).href;
}

/** A bundle in the format of CommonJS has no `import.meta.url`. */
function thisModule(): string | undefined {
  if (import.meta.url !== undefined) return import.meta.url;
  return typeof __filename === "string" ? pathToFileURL(__filename).href : undefined;
}

function exists(url: string): boolean {
  return !url.startsWith("file:") || existsSync(fileURLToPath(url));
}
