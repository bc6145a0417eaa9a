import type { Warning } from "../warnings.ts";
import type { Arithmetic, KernelKind, KernelShape } from "./kernel.ts";
import {
  type Compile,
  type CompiledModule,
  compileLazily,
  type MakeModule,
  type ReadyBytes,
  type SimdOptions,
  type SimdProgram,
} from "./simd/host/compiled.ts";
import { fusesMultiplyAdd } from "./simd/host/fusing.ts";
import { fitsMemory } from "./simd/host/instance.ts";
import { relaxedSimdSupported, simdSupported } from "./simd/host/probe.ts";
import { ballProgram, distanceProgram, partingProgram, simdProgram, triangleProgram } from "./simd/host/program.ts";
import { packsWell } from "./simd/host/self-test.ts";

/** All that a thread needs to make a kernel: plain data, including a compiled module. */
export type KernelProgram = KernelFacts &
  ({ readonly kind: "reference" } | { readonly kind: "simd" | "simd256"; readonly simd: SimdProgram });

interface KernelFacts {
  readonly key: string;
  readonly shape: KernelShape;
  /** true: simd256 was asked for, but this host cannot compile its code or compiles it wrongly; simd is used instead */
  readonly fellBack: boolean;
  /** whether it rounds products and sums once, together */
  readonly fused: boolean;
}

/** What the bits of a fit depend on beside points and options: `simd` and `simd256` have the same. */
export interface UsedKernel {
  /** which one computed the steps over all points */
  readonly kind: KernelKind;
  /** whether products and sums were rounded once, together: never with `strict`, nor by `reference` */
  readonly fused: boolean;
}

export function usedKernel({ kind, fused }: KernelProgram): UsedKernel {
  return { kind, fused };
}

/** What a fit should report about its program. */
export function fallbacks({ fellBack }: KernelProgram): readonly Warning[] {
  return fellBack ? [{ code: "KERNEL_FALLBACK" }] : [];
}

/** The same for the distance kernel of k-means++. */
export interface DistanceProgram {
  readonly features: number;
  readonly tileSize: number;
  /** null: the reference kernel */
  readonly simd: SimdProgram | null;
}

/** The same for the kernels that put points in order. */
export interface PartingProgram {
  readonly features: number;
  /** null: the reference kernel */
  readonly simd: SimdProgram | null;
}

/** A kind of kernel, or the best one for the shape: reference or simd ("auto"), these or simd256 ("auto256"). */
export type KernelChoice = KernelKind | "auto" | "auto256";

/** What a host wants from its kernels. */
export interface KernelSettings {
  readonly kernel: KernelChoice;
  /** true: no fused multiply-add, so that processors with and without it give the same bits */
  readonly strict: boolean;
}

/** If a pass takes fewer flops than this, the reference kernel is done before a module is compiled. */
const REFERENCE_WORK = 2 ** 10;

/** If a pass takes fewer flops than this, a fit is done before packed code is compiled and tested (about 0.1 s). */
const PACKED_WORK = 2 ** 23;

/** How a host comes by modules. */
export interface Compilers {
  readonly plain: Compile;
  /** packs pairs of 128-bit operations into 256 bits; null if the JavaScript engine cannot */
  readonly packed: Compile | null;
  readonly ready?: ReadyBytes;
  /** modules that another thread compiled, by the keys of their programs */
  readonly compiled?: ReadonlyMap<string, CompiledModule>;
}

const LAZY: Compilers = { plain: compileLazily, packed: null };

/** What the code of a module is for. */
interface CodeOptions extends Pick<SimdOptions, "evaluates"> {
  readonly arithmetic: Arithmetic;
}

/** Chooses and compiles kernels, each once. The choice depends on shapes and work alone, never on time. */
export class KernelPrograms {
  readonly #choice: KernelChoice;
  readonly #simd: boolean;
  readonly #relaxed: boolean;
  readonly #compilers: Compilers;
  readonly #programs = new Map<string, KernelProgram>();
  readonly #modules = new Map<string, SimdProgram>();
  readonly #packed = new Map<string, SimdProgram | null>();

  constructor({ kernel = "auto", strict = false }: Partial<KernelSettings> = {}, compilers: Compilers = LAZY) {
    this.#choice = kernel;
    this.#simd = simdSupported();
    this.#relaxed = !strict && relaxedSimdSupported();
    this.#compilers = compilers;
  }

  /** in: work, the flops of a pass with this kernel; arithmetic, always f64 in the reference kernel */
  get(shape: KernelShape, work: number, arithmetic: Arithmetic = "f64"): KernelProgram {
    const kind = this.#kindFor(work);
    const { features, components, covarianceType, dtype } = shape;
    const key = `${kind}/${covarianceType}/${dtype}/${features}/${arithmetic}/${components}`;
    return remember(this.#programs, key, () => this.#program(kind, key, shape, { arithmetic }));
  }

  /**
   * As `get`, for E alone. Little work takes SIMD as well, so that a density has the same bits among any number of points;
   * a module of its own, which is sooner there.
   */
  evaluation(shape: KernelShape, work: number, arithmetic: Arithmetic = "f64"): KernelProgram {
    const { features, components, covarianceType, dtype, tileSize } = shape;
    const key = `evaluation/${covarianceType}/${dtype}/${features}/${tileSize}/${arithmetic}/${components}`;
    if (work >= REFERENCE_WORK || this.#kindFor(REFERENCE_WORK) === "reference")
      return this.get(shape, work, arithmetic);
    return remember(this.#programs, key, () => this.#program("simd", key, shape, { arithmetic, evaluates: true }));
  }

  #program(kind: KernelKind, key: string, shape: KernelShape, code: CodeOptions): KernelProgram {
    const { arithmetic } = code;
    if (kind === "reference" || !fitsMemory(shape, arithmetic))
      return { kind: "reference", key, shape, fellBack: false, fused: false };
    const module = withoutComponents(key);
    const options = { relaxed: this.#relaxed, ...code };
    const fused = this.#relaxed && fusesMultiplyAdd();
    if (kind === "simd256") {
      const simd = remember(this.#packed, module, () => this.#packedProgram(shape, { ...options, bits: 256 }));
      if (simd !== null) return { kind, key, shape, simd, fellBack: false, fused };
    }
    const simd = remember(this.#modules, module, () => simdProgram(shape, options, this.#moduleOf));
    return { kind: "simd", key, shape, simd, fellBack: kind === "simd256", fused };
  }

  /** null: packed code cannot be compiled here, or is wrong */
  #packedProgram(shape: KernelShape, options: SimdOptions): SimdProgram | null {
    const { packed, ready } = this.#compilers;
    if (packed === null) return null;
    let plain: CompiledModule | undefined;
    const program = simdProgram(shape, options, (key, write) => {
      const bytes = ready?.(key) ?? write();
      plain = compileLazily(bytes);
      return packed(bytes);
    });
    return plain && packsWell(program, { ...program, module: plain }, shape) ? program : null;
  }

  /** in: work, the flops of a pass */
  distances(shape: Pick<KernelShape, "features" | "dtype" | "tileSize">, work: number): DistanceProgram {
    const { features, dtype, tileSize } = shape;
    if (this.#kindFor(work) === "reference") return { features, tileSize, simd: null };
    const make = () => distanceProgram({ features, dtype, tileSize }, { relaxed: this.#relaxed }, this.#moduleOf);
    return { features, tileSize, simd: remember(this.#modules, `distances/${dtype}/${features}`, make) };
  }

  /** Points in balls (balls/ball-tree.ts); null for the reference kernel, which has none. in: work, the flops that it takes */
  balls(shape: Pick<KernelShape, "features" | "dtype" | "tileSize">, work: number): SimdProgram | null {
    if (this.#kindFor(work) === "reference") return null;
    const make = () => ballProgram(shape, { relaxed: this.#relaxed }, this.#moduleOf);
    return remember(this.#modules, `balls/${shape.features}`, make);
  }

  /** Points that are put in order. in: work, the flops that it takes */
  parting({ features, tileSize }: Pick<KernelShape, "features" | "tileSize">, work: number): PartingProgram {
    if (this.#kindFor(work) === "reference") return { features, simd: null };
    const make = () => partingProgram({ features, tileSize }, this.#moduleOf);
    return { features, simd: remember(this.#modules, `parting/${features}/${tileSize}`, make) };
  }

  /** Triangles of several components side by side; null for the reference kernel, which has none. in: work, the flops that it takes */
  triangles(features: number, work: number): SimdProgram | null {
    if (this.#kindFor(work) === "reference") return null;
    return remember(this.#modules, `triangles/${features}`, () => triangleProgram(features, this.#moduleOf));
  }

  readonly #moduleOf: MakeModule = (key, write) => {
    const { plain, ready, compiled } = this.#compilers;
    return compiled?.get(key) ?? plain(ready?.(key) ?? write());
  };

  #kindFor(work: number): KernelKind {
    if (this.#choice !== "auto" && this.#choice !== "auto256") return this.#choice;
    if (work < REFERENCE_WORK || !this.#simd) return "reference";
    return this.#choice === "auto" || work < PACKED_WORK ? "simd" : "simd256";
  }
}

/** The key of a module, which is the same for any number of components. */
function withoutComponents(key: string): string {
  return key.slice(0, key.lastIndexOf("/"));
}

function remember<T>(made: Map<string, T>, key: string, make: () => T): T {
  const known = made.get(key);
  if (known !== undefined) return known;
  const value = make();
  made.set(key, value);
  return value;
}
