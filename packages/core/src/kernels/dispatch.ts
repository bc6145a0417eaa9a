import type { Kernel, KernelKind, KernelShape } from "./kernel.ts";
import { referenceKernel } from "./reference.ts";

/** A kernel ready to be made on any thread: plain data, a compiled module included. */
export interface KernelProgram {
  readonly kind: KernelKind;
  /** equal keys, equal kernels */
  readonly key: string;
  readonly shape: KernelShape;
}

/** Which kernel computes this shape. */
export function kernelProgram(shape: KernelShape, kind: KernelKind): KernelProgram {
  const { features, components, covarianceType, dtype } = shape;
  return { kind, key: `${kind}/${covarianceType}/${dtype}/${features}/${components}`, shape };
}

/** Kernels of one thread, made when first asked for. */
export class KernelCache {
  readonly #kernels = new Map<string, Kernel>();

  get(program: KernelProgram): Kernel {
    let kernel = this.#kernels.get(program.key);
    if (kernel === undefined) {
      kernel = referenceKernel(program.shape);
      this.#kernels.set(program.key, kernel);
    }
    return kernel;
  }
}
