import { setFlagsFromString } from "node:v8";
import type { CompiledModule } from "@emix/core";

/**
 * Compiles a module with V8's optimising compiler at once, so that the first step of a fit runs at the speed of the
 * others; the flags are restored in the same synchronous stretch, and the code goes to the workers with the module.
 */
export function compileEagerly(bytes: Uint8Array<ArrayBuffer>): CompiledModule {
  setFlagsFromString("--no-liftoff");
  setFlagsFromString("--no-wasm-lazy-compilation");
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    setFlagsFromString("--liftoff");
    setFlagsFromString("--wasm-lazy-compilation");
  }
}
