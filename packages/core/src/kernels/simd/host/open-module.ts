import type { CompiledModule } from "./compiled.ts";

/** A routine of a module. */
export type Call = (...integers: number[]) => void;

const PAGE_BYTES = 65536;

/** 4 GiB: the largest memory of WebAssembly */
export const MOST_BYTES: number = 65536 * PAGE_BYTES;

/** An instance of a module, and its memory: at least so many bytes, and never more. */
export function openModule<Name extends string>(
  module: CompiledModule,
  bytes: number,
): { calls: Readonly<Record<Name, Call>>; buffer: ArrayBuffer } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  const { exports } = new WebAssembly.Instance(module as WebAssembly.Module, { emix: { memory } });
  return { calls: exports as Record<Name, Call>, buffer: memory.buffer };
}
