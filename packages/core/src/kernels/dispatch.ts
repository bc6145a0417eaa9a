import type { KernelKind, KernelShape } from "./kernel.ts";
import { type Arithmetic, type Compile, compileLazily, type SimdProgram } from "./simd/compiled.ts";
import { fitsMemory } from "./simd/instance.ts";
import { relaxedSimdSupported, simdSupported } from "./simd/probe.ts";
import { distanceProgram, simdProgram } from "./simd/program.ts";

/** A kernel ready to be made on any thread: plain data, a compiled module included. */
export type KernelProgram =
  | { readonly kind: "reference"; readonly key: string; readonly shape: KernelShape }
  | { readonly kind: "simd"; readonly key: string; readonly shape: KernelShape; readonly simd: SimdProgram };

/** The program that serves every request of a shape. */
export function referenceProgram(shape: KernelShape): KernelProgram {
  const { features, components, covarianceType, dtype } = shape;
  return { kind: "reference", key: `reference/${covarianceType}/${dtype}/${features}/${components}`, shape };
}

/** The distance kernel of k-means++, likewise. */
export interface DistanceProgram {
  readonly features: number;
  readonly tileSize: number;
  /** null: the reference kernel */
  readonly simd: SimdProgram | null;
}

/** A kind of kernel, or the best one for the shape. */
export type KernelChoice = KernelKind | "auto";

/** What a host asks of its kernels. */
export interface KernelSettings {
  readonly kernel: KernelChoice;
  /** true: no fused multiply-add, so that processors that fuse and those that do not give the same bits */
  readonly strict: boolean;
}

/** Below so many flops a pass, the code of the reference kernel is done before a module is compiled. */
const REFERENCE_WORK = 2 ** 18;

/** Chooses and compiles kernels, each once. The choice is a function of shapes and work alone, never of time. */
export class KernelPrograms {
  readonly #choice: KernelChoice;
  readonly #relaxed: boolean;
  readonly #compile: Compile;
  readonly #programs = new Map<string, KernelProgram>();
  readonly #modules = new Map<string, SimdProgram>();

  constructor({ kernel = "auto", strict = false }: Partial<KernelSettings> = {}, compile: Compile = compileLazily) {
    this.#choice = kernel;
    this.#relaxed = !strict && relaxedSimdSupported();
    this.#compile = compile;
  }

  /** in: work, the flops of a pass with this kernel; arithmetic, which the reference kernel does in f64 always */
  get(shape: KernelShape, work: number, arithmetic: Arithmetic = "f64"): KernelProgram {
    const kind = this.#kindFor(work);
    const { features, components, covarianceType, dtype } = shape;
    const key = `${kind}/${covarianceType}/${dtype}/${features}/${arithmetic}/${components}`;
    return memoized(this.#programs, key, () => this.#program(kind, key, shape, arithmetic));
  }

  #program(kind: KernelKind, key: string, shape: KernelShape, arithmetic: Arithmetic): KernelProgram {
    if (kind === "reference" || !fitsMemory(shape, arithmetic)) return { kind: "reference", key, shape };
    // The module is the same for any number of components.
    const module = key.slice(0, key.lastIndexOf("/"));
    const options = { relaxed: this.#relaxed, arithmetic };
    const simd = memoized(this.#modules, module, () => simdProgram(shape, options, this.#compile));
    return { kind, key, shape, simd };
  }

  /** in: work, the flops of a pass */
  distances(shape: Pick<KernelShape, "features" | "dtype" | "tileSize">, work: number): DistanceProgram {
    const { features, dtype, tileSize } = shape;
    if (this.#kindFor(work) === "reference") return { features, tileSize, simd: null };
    const make = () => distanceProgram({ features, dtype, tileSize }, { relaxed: this.#relaxed }, this.#compile);
    return { features, tileSize, simd: memoized(this.#modules, `distances/${dtype}/${features}`, make) };
  }

  #kindFor(work: number): KernelKind {
    if (this.#choice !== "auto") return this.#choice;
    return work < REFERENCE_WORK || !simdSupported() ? "reference" : "simd";
  }
}

function memoized<T>(made: Map<string, T>, key: string, make: () => T): T {
  const value = made.get(key) ?? make();
  made.set(key, value);
  return value;
}
