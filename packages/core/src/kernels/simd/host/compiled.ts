// What a program is to those who hand it on: no code generator, and no DOM types, come along with these types.

import type { Arithmetic } from "../../kernel.ts";

export interface SimdOptions {
  /** multiply-add fused where the processor does: faster, and the same bits only on processors that agree */
  readonly relaxed: boolean;
  /** straight-line code for few features; the bits are those of the loops. Default: up to 8 features. */
  readonly unrolled?: boolean;
  /** The arithmetic of products and sums over points; densities, responsibilities and totals are f64. Default f64. */
  readonly arithmetic?: Arithmetic;
  /** true: E alone, which is a third of the code. Default false. */
  readonly evaluates?: boolean;
  /** The width of vectors in the code, which changes no result. Default 128. */
  readonly bits?: Bits;
}

type Bits = 128 | 256;

/** Turns bytes into a module; hosts that can pack vectors give their own. */
export type Compile = (bytes: Uint8Array<ArrayBuffer>) => CompiledModule;

/** A WebAssembly.Module, by a name that asks for no DOM types from those who import emix. */
export type CompiledModule = object;

export const compileLazily: Compile = (bytes) => new WebAssembly.Module(bytes);

/** The bytes of a module, by its key, if a host has them ready; otherwise they are written. */
export type ReadyBytes = (key: string) => Uint8Array<ArrayBuffer> | undefined;

/** Comes by a module. in: the key of its program; what writes its bytes */
export type MakeModule = (key: string, write: () => Uint8Array<ArrayBuffer>) => CompiledModule;

export const writeAndCompile: MakeModule = (_key, write) => compileLazily(write());

/** A compiled module; plain data that crosses to workers as it is. */
export interface SimdProgram {
  readonly key: string;
  readonly module: CompiledModule;
  readonly arithmetic: Arithmetic;
  readonly bits: Bits;
}
