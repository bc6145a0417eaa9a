import { setFlagsFromString } from "node:v8";
import type { Compile, Compilers } from "@emix/core";

// V8 is told how to compile our modules by flags, set and restored in the same synchronous stretch.

/** The optimising compiler at once, so that the first step of a fit runs at the speed of the others. */
const EAGER = { "--no-liftoff": "--liftoff", "--no-wasm-lazy-compilation": "--wasm-lazy-compilation" };
/** Pairs of 128-bit operations become one of 256 bits. */
const PACKING = { "--experimental-wasm-revectorize": "--no-experimental-wasm-revectorize" };

/** The machine code goes to the workers with the module. */
export const compileEagerly: Compile = (bytes) => compiledWith(EAGER, bytes);

/** V8 keeps one machine code for equal bytes; a custom section tells these from the same module compiled without. */
const PACKED_SECTION = [0, 7, 6, ...new TextEncoder().encode("packed")];

const compilePacked: Compile = (bytes) =>
  compiledWith({ ...EAGER, ...PACKING }, Uint8Array.of(...bytes, ...PACKED_SECTION));

export function compilers(): Compilers {
  return { plain: compileEagerly, packed: packsVectors() ? compilePacked : null };
}

/**
 * Does this V8 pack vectors as well as simd256 wants it? By version and processor alone: from V8 14.6 (Node 26) on, for
 * x64. A flag that V8 does not know would be told to stderr, so later major versions are not trusted unseen.
 */
export function packsVectors(): boolean {
  const [major, minor] = process.versions.v8.split(".").map(Number);
  return process.arch === "x64" && major === 14 && minor >= 6;
}

/** in: flags, each with the one that restores the default */
function compiledWith(flags: Readonly<Record<string, string>>, bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  for (const flag of Object.keys(flags)) setFlagsFromString(flag);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const flag of Object.values(flags)) setFlagsFromString(flag);
  }
}
