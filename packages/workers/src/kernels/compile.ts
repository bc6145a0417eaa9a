import { setFlagsFromString } from "node:v8";
import { type Compile, type CompiledModule, type Compilers, fusesMultiplyAdd } from "@emix/core";
import { readyKernel } from "./ready-kernels.ts";

// Flags tell V8 how to compile our modules. They are set and restored in the same synchronous stretch.

/** Uses the optimising compiler at once, so that the first step of a fit is as fast as the others. */
const EAGER = { "--no-liftoff": "--liftoff", "--no-wasm-lazy-compilation": "--wasm-lazy-compilation" };
/** Packs pairs of 128-bit operations into one of 256 bits. */
const PACKING = { "--experimental-wasm-revectorize": "--no-experimental-wasm-revectorize" };

/** The machine code goes to the workers with the module. */
const compileEagerly: Compile = (bytes) => compiledWith(EAGER, bytes);

/**
 * V8 keeps one machine code for equal bytes. A custom section makes packed modules differ from the same code unpacked.
 */
const PACKED_SECTION = [0, 7, 6, ...new TextEncoder().encode("packed")];

const compilePacked: Compile = (bytes) =>
  compiledWith({ ...EAGER, ...PACKING }, Uint8Array.from([...bytes, ...PACKED_SECTION]));

export function compilers(): Compilers {
  return {
    plain: compileEagerly,
    packed: knowsPacking(process.versions.v8, process.arch) ? compilePacked : null,
    ready: readyKernel,
  };
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

/** in: flags, each with the flag that restores the default */
function compiledWith(flags: Readonly<Record<string, string>>, bytes: Uint8Array<ArrayBuffer>): CompiledModule {
  for (const flag of Object.keys(flags)) setFlagsFromString(flag);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const flag of Object.values(flags)) setFlagsFromString(flag);
  }
}
