import { runInThisContext } from "node:vm";
import {
  type Compile,
  type Compilers,
  fusesMultiplyAdd,
  type KernelChoice,
  openModule,
  simdSupported,
} from "@emix/core";
import { withFlags } from "../v8/flags.ts";
import { readyKernel } from "./ready-kernels.ts";

/**
 * V8 keeps one machine code for equal bytes. A custom section makes packed modules differ from the same code unpacked.
 */
const PACKED_SECTION = [0, 7, 6, ...new TextEncoder().encode("packed")];

/**
 * Packing, and the functions that V8 has for its own tests. Flags hold for every module in the process, so there are no
 * others here. `--no-liftoff` would bring the optimising compiler too, but a function that another thread compiles
 * meanwhile is left without feedback, and V8 14 ends the process when it later inlines that function elsewhere.
 */
const FLAGS = ["experimental-wasm-revectorize", "allow-natives-syntax"];

/** The optimising compiler, which alone packs, at once. The brackets around it make V8 read it while the flag holds. */
const OPTIMIZE = "((calls) => { for (const call of calls) %WasmTierUpFunction(call); })";

/** Packs pairs of 128-bit operations into one of 256 bits. The machine code goes to the workers with the module. */
const compilePacked: Compile = (bytes) => {
  const module = new WebAssembly.Module(Uint8Array.from([...bytes, ...PACKED_SECTION]));
  const { calls } = openModule(module, 1);
  withFlags(FLAGS, () => optimize(Object.values(calls)));
  return module;
};

/** out: undefined if the flag is not set */
function optimize(calls: readonly unknown[]): true | undefined {
  try {
    runInThisContext(OPTIMIZE)(calls);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Does this V8 have the function? */
function optimizes(): boolean {
  return withFlags(FLAGS, () => optimize([])) ?? false;
}

/** Those that set no flags. */
export const PLAIN_COMPILERS: Compilers = {
  plain: (bytes) => new WebAssembly.Module(bytes),
  packed: null,
  ready: readyKernel,
};

export function compilers(): Compilers {
  const packs = knowsPacking(process.versions.v8, process.arch) && optimizes();
  return { ...PLAIN_COMPILERS, packed: packs ? compilePacked : null };
}

/** Is simd256 the faster kernel here? This is a rule on versions and the processor, not a measurement. */
export function packsVectors(): boolean {
  return knowsPacking(process.versions.v8, process.arch) && fusesMultiplyAdd();
}

/**
 * Can V8 pack the vectors of simd256? It can from 13.6 (Node 24) on, on x64. V8 prints a message about flags it does
 * not know, and this flag is an experiment; later major versions are therefore not tried until someone has tested them.
 */
export function knowsPacking(v8: string, arch: string): boolean {
  const [major, minor] = v8.split(".").map(Number);
  return arch === "x64" && ((major === 13 && minor >= 6) || major === 14);
}

/** One kernel for few rows and for many: what is said of a row does not depend on the rows beside it. */
export function kernelOfRows(): KernelChoice {
  if (packsVectors()) return "simd256";
  return simdSupported() ? "simd" : "reference";
}
