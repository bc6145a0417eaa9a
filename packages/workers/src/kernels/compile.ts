import { setFlagsFromString } from "node:v8";
import { type Compile, type Compilers, fusesMultiplyAdd, type KernelChoice, simdSupported } from "@emix/core";
import { readyKernel } from "./ready-kernels.ts";

// Flags tell V8 how to compile packed modules. They hold for the whole process, so they are set and restored in the same
// synchronous stretch, and plain modules do without.

/** Flags, each with the one that restores the default: the optimising compiler at once, which alone packs, and packing. */
const PACKING = {
  "--no-liftoff": "--liftoff",
  "--no-wasm-lazy-compilation": "--wasm-lazy-compilation",
  "--experimental-wasm-revectorize": "--no-experimental-wasm-revectorize",
};

/**
 * V8 keeps one machine code for equal bytes. A custom section makes packed modules differ from the same code unpacked.
 */
const PACKED_SECTION = [0, 7, 6, ...new TextEncoder().encode("packed")];

/** Packs pairs of 128-bit operations into one of 256 bits. The machine code goes to the workers with the module. */
const compilePacked: Compile = (bytes) => {
  for (const flag of Object.keys(PACKING)) setFlagsFromString(flag);
  try {
    return new WebAssembly.Module(Uint8Array.from([...bytes, ...PACKED_SECTION]));
  } finally {
    for (const flag of Object.values(PACKING)) setFlagsFromString(flag);
  }
};

export function compilers(): Compilers {
  return {
    plain: (bytes) => new WebAssembly.Module(bytes),
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

/** One kernel for few rows and for many: what is said of a row does not depend on the rows beside it. */
export function kernelOfRows(): KernelChoice {
  if (packsVectors()) return "simd256";
  return simdSupported() ? "simd" : "reference";
}
