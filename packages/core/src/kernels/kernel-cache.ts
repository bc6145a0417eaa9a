import type { ManyTriangles } from "../covariance/estimates/many-triangles.ts";
import type { PartingKernel } from "../points/order/parting-kernel.ts";
import type { Route, RoutingKernel } from "../points/order/routing-kernel.ts";
import type { DistanceProgram, KernelProgram, PartingProgram } from "./dispatch.ts";
import type { DistanceKernel } from "./distance-kernel.ts";
import type { Kernel } from "./kernel.ts";
import { referenceKernel } from "./reference/reference.ts";
import { referenceDistanceKernel } from "./reference/reference-distances.ts";
import { referencePartingKernel } from "./reference/reference-parting.ts";
import { referenceRoutingKernel } from "./reference/reference-routing.ts";
import type { SimdProgram } from "./simd/host/compiled.ts";
import { simdDistanceKernel } from "./simd/host/simd-distance-kernel.ts";
import { simdKernel } from "./simd/host/simd-kernel.ts";
import { simdPartingKernel } from "./simd/host/simd-parting-kernel.ts";
import { simdRoutingKernel } from "./simd/host/simd-routing-kernel.ts";
import { simdTriangles } from "./simd/host/triangles/simd-triangles.ts";

/** How many kernels a thread keeps; each has a memory of its own. */
const KEPT_KERNELS = 8;

/** The kernels of one thread, made when they are first asked for. The one unused for longest is dropped. */
export class KernelCache {
  readonly #kernels = new Map<string, Kernel>();
  /** the last one: passes of k-means++ follow each other */
  #distances: { readonly key: string; readonly kernel: DistanceKernel } | null = null;

  #triangles: { readonly key: string; readonly kernel: ManyTriangles } | null = null;

  get(program: KernelProgram): Kernel {
    const kernel = this.#kernels.get(program.key) ?? kernelOf(program);
    // Maps iterate in the order of insertion, so a kernel that is used moves to the end.
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

  /** A pass has the kernel to itself until it ends. */
  distances({ features, tileSize, simd }: DistanceProgram): DistanceKernel {
    if (simd === null) return referenceDistanceKernel(features, tileSize);
    if (this.#distances?.key !== simd.key) {
      this.#distances = { key: simd.key, kernel: simdDistanceKernel(simd, { features, tileSize }) };
    }
    return this.#distances.kernel;
  }

  /** As `distances`: waves of components follow each other. */
  triangles(program: SimdProgram, features: number): ManyTriangles {
    if (this.#triangles?.key !== program.key) {
      this.#triangles = { key: program.key, kernel: simdTriangles(program, features) };
    }
    return this.#triangles.kernel;
  }

  /** A kernel for one pass. in: points, how many it parts together at most */
  parting({ features, simd }: PartingProgram, points: number): PartingKernel {
    const shape = { features, points };
    return simd === null ? referencePartingKernel(shape) : simdPartingKernel(simd, shape);
  }

  /** The same. */
  routing({ simd }: PartingProgram, route: Route): RoutingKernel {
    return simd === null ? referenceRoutingKernel(route) : simdRoutingKernel(simd, route);
  }
}

function kernelOf(program: KernelProgram): Kernel {
  return program.kind === "reference" ? referenceKernel(program.shape) : simdKernel(program.simd, program.shape);
}
