import type { DistanceKernel } from "./distance-kernel.ts";
import type { Kernel, KernelKind, KernelShape } from "./kernel.ts";
import { referenceKernel } from "./reference.ts";
import { referenceDistanceKernel } from "./reference-distances.ts";
import { type Compile, compileLazily, distanceProgram, type SimdProgram, simdProgram } from "./simd/program.ts";
import { simdDistanceKernel } from "./simd/simd-distance-kernel.ts";
import { simdKernel } from "./simd/simd-kernel.ts";

/** A kernel ready to be made on any thread: plain data, a compiled module included. */
export type KernelProgram =
  | { readonly kind: "reference"; readonly key: string; readonly shape: KernelShape }
  | { readonly kind: "simd"; readonly key: string; readonly shape: KernelShape; readonly simd: SimdProgram };

/** The distance kernel of k-means++, likewise. */
export interface DistanceProgram {
  readonly features: number;
  readonly tileSize: number;
  /** null: the reference kernel */
  readonly simd: SimdProgram | null;
}

/** A kind of kernel, or the best one for the shape. */
export type KernelChoice = KernelKind | "auto";

/** Below so many flops a pass, the code of the reference kernel is done before a module is compiled. */
const REFERENCE_WORK = 2 ** 18;

/** Chooses and compiles kernels, each once. The choice is a function of shapes and work alone, never of time. */
export class KernelPrograms {
  readonly #choice: KernelChoice;
  readonly #compile: Compile;
  readonly #modules = new Map<string, SimdProgram>();

  constructor(choice: KernelChoice = "auto", compile: Compile = compileLazily) {
    this.#choice = choice;
    this.#compile = compile;
  }

  /** in: work, the flops of a pass with this kernel */
  get(shape: KernelShape, work: number): KernelProgram {
    const kind = this.#kindFor(work);
    const { features, components, covarianceType, dtype } = shape;
    const key = `${kind}/${covarianceType}/${dtype}/${features}/${components}`;
    if (kind === "reference") return { kind, key, shape };
    return { kind: "simd", key, shape, simd: this.#simd(shape) };
  }

  /** in: work, the flops of a pass */
  distances(
    { features, dtype, tileSize }: Pick<KernelShape, "features" | "dtype" | "tileSize">,
    work: number,
  ): DistanceProgram {
    if (this.#kindFor(work) === "reference") return { features, tileSize, simd: null };
    const options = { relaxed: relaxedSimdSupported() };
    const simd = this.#once(`distances/${dtype}/${features}`, () =>
      distanceProgram({ features, dtype, tileSize }, options, this.#compile),
    );
    return { features, tileSize, simd };
  }

  #kindFor(work: number): KernelKind {
    if (this.#choice !== "auto") return this.#choice;
    return work < REFERENCE_WORK || !simdSupported() ? "reference" : "simd";
  }

  /** The module is the same for any number of components. */
  #simd(shape: KernelShape): SimdProgram {
    const { features, covarianceType, dtype } = shape;
    const options = { relaxed: relaxedSimdSupported() };
    return this.#once(`${covarianceType}/${dtype}/${features}`, () => simdProgram(shape, options, this.#compile));
  }

  #once(key: string, make: () => SimdProgram): SimdProgram {
    const program = this.#modules.get(key) ?? make();
    this.#modules.set(key, program);
    return program;
  }
}

/** Kernels that a thread keeps at a time; each has a memory of its own. */
const KEPT_KERNELS = 8;

/** Kernels of one thread, made when first asked for; the one not used for longest gives way. */
export class KernelCache {
  readonly #kernels = new Map<string, Kernel>();

  get(program: KernelProgram): Kernel {
    const kernel = this.#kernels.get(program.key) ?? kernelOf(program);
    // Maps iterate in the order of insertion: what is used moves to the end.
    this.#kernels.delete(program.key);
    this.#kernels.set(program.key, kernel);
    if (this.#kernels.size > KEPT_KERNELS) {
      for (const [oldest] of this.#kernels) {
        this.#kernels.delete(oldest);
        break;
      }
    }
    return kernel;
  }

  /** Distance kernels are small and serve a few passes; each pass makes its own. */
  distances({ features, tileSize, simd }: DistanceProgram): DistanceKernel {
    if (simd === null) return referenceDistanceKernel(features, tileSize);
    return simdDistanceKernel(simd, { features, tileSize });
  }
}

function kernelOf(program: KernelProgram): Kernel {
  return program.kind === "reference" ? referenceKernel(program.shape) : simdKernel(program.simd, program.shape);
}

/** (func (param v128) (result v128) local.get 0 ×2 f64x2.mul) */
const SIMD_PROBE = [0x20, 0, 0x20, 0, 0xfd, 0xf2, 0x01];
/** The same with local.get 0 ×3 f64x2.relaxed_madd. */
const RELAXED_PROBE = [0x20, 0, 0x20, 0, 0x20, 0, 0xfd, 0x87, 0x02];

function simdSupported(): boolean {
  return valid(SIMD_PROBE);
}

function relaxedSimdSupported(): boolean {
  return valid(RELAXED_PROBE);
}

/** Does the engine accept a function v128 → v128 with this body? */
function valid(instructions: readonly number[]): boolean {
  const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const types = [1, 6, 1, 0x60, 1, 0x7b, 1, 0x7b];
  const functions = [3, 2, 1, 0];
  const body = [0, ...instructions, 0x0b];
  const code = [10, body.length + 2, 1, body.length, ...body];
  return WebAssembly.validate(new Uint8Array([...header, ...types, ...functions, ...code]));
}
