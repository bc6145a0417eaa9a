import { fusesMultiplyAdd, type KernelProgram, KernelPrograms, tileSizeFor } from "@emix/core";
import { compilers } from "@emix/workers";
import { otherArithmetic } from "../errors.ts";
import type { Plan, ProgramRequest } from "../protocol.ts";

/** Kernels for the passes of fits, compiled once. */
export class WorkerPrograms {
  readonly #programs = new Map<string, KernelPrograms>();

  /** The kernel that computes the bits that are asked for. @throws CLUSTER_MISMATCH */
  for({ features, dtype }: Plan, wanted: ProgramRequest): KernelProgram {
    const { kind, components, covarianceType, arithmetic, strict, fuses } = wanted;
    if (kind !== "reference" && !strict && fusesMultiplyAdd() !== fuses) {
      throw otherArithmetic("fused multiply-add", fuses, !fuses);
    }
    const key = `${kind}/${strict}`;
    const programs = this.#programs.get(key) ?? new KernelPrograms({ kernel: kind, strict }, compilers());
    this.#programs.set(key, programs);
    const shape = { components, features, covarianceType, dtype, tileSize: tileSizeFor(features) };
    const program = programs.get(shape, Number.POSITIVE_INFINITY, arithmetic);
    // The kinds with vectors have the same bits.
    if ((program.kind === "reference") !== (kind === "reference")) throw otherArithmetic("kernel", kind, program.kind);
    return program;
  }
}
