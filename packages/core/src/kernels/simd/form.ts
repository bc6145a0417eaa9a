import type { DensityLayout } from "../../density.ts";
import type { StatisticsLayout } from "../../sufficient-statistics.ts";
import type { ComponentLayout } from "./component.ts";
import type { ConstantPool } from "./constants.ts";
import type { Lanes, Routine } from "./wasm.ts";

/** What a module is made for, apart from its instructions. */
export interface Measures {
  readonly features: number;
  readonly tileSize: number;
  /** bytes of a number in the arithmetic */
  readonly bytes: 8 | 4;
}

/** What the code of a module is made of. */
export interface Setting extends Measures {
  readonly lanes: Lanes;
  readonly pool: ConstantPool;
  readonly unrolled: boolean;
}

/** What a covariance type brings to a kernel: how its numbers lie in memory, and the code that treats a component. */
export interface Form {
  readonly component: ComponentLayout;
  /** numbers of a component's sums, each with one partial sum per lane: N, s, S */
  readonly sums: number;
  /** where the fixed addresses of the code end */
  readonly scratchEnd: number;
  /** Writes the factor of a component, in the order in which the code reads it. */
  packFactor(parameters: Float64Array, density: DensityLayout, component: number, out: Float64Array): void;
  /** Writes a component's sums, lanes already added, into the slot. */
  unpackSums(sums: Float64Array, statistics: StatisticsLayout, component: number, slot: Float64Array): void;
  /** in: component, points … pointsEnd; out: joint, log joint densities */
  density(setting: Setting): Routine;
  /** in: component, points … pointsEnd, joint, scales, list; out: sums, added to */
  moments(setting: Setting): Routine;
}
