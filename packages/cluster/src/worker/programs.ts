import { fusesMultiplyAdd, type KernelProgram, KernelPrograms, tileSizeFor } from "@emix/core";
import { compilers } from "@emix/workers";
import { otherArithmetic } from "../errors.ts";
import type { Machine, Plan, ProgramRequest } from "../protocol.ts";

export function thisMachine(): Machine {
  return { fuses: fusesMultiplyAdd(), v8: process.versions.v8 };
}

/** Kernels for the passes of fits, compiled once. */
export class WorkerPrograms {
  readonly #programs = new Map<string, KernelPrograms>();

  /** The kernel that computes the bits that are asked for. @throws CLUSTER_MISMATCH */
  for({ features, dtype }: Plan, wanted: ProgramRequest): KernelProgram {
    const { kind, components, covarianceType, arithmetic, strict, machine } = wanted;
    const own = thisMachine();
    if (kind !== "reference" && !strict && own.fuses !== machine.fuses) {
      throw otherArithmetic("fused multiply-add", machine.fuses, own.fuses);
    }
    if (kind === "reference" && own.v8 !== machine.v8) throw otherArithmetic("V8", machine.v8, own.v8);
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
