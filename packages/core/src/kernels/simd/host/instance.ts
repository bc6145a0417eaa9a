import type { Tiles } from "../../../points/tiles.ts";
import type { Arithmetic, KernelShape } from "../../kernel.ts";
import type { Form } from "../forms/form.ts";
import { formOf } from "../forms/form-of.ts";
import { type KernelMemory, kernelMemory } from "../forms/memory.ts";
import type { Numbers } from "../language/setting.ts";
import type { Bits, SimdProgram } from "./compiled.ts";
import { MOST_BYTES, openModule } from "./open-module.ts";
import { measuresOf } from "./program.ts";

/** Points that lie in the instance's memory. */
export interface Group {
  readonly firstPoint: number;
  readonly points: number;
}

/** Components [first, end) that M treats alike. */
export interface ComponentRange {
  readonly framed: boolean;
  readonly first: number;
  readonly end: number;
}

/** An instance of a module: its private memory, and what its code does with a group of points. */
export interface Instance {
  readonly shape: KernelShape;
  readonly form: Form;
  readonly memory: KernelMemory;
  /** of a number in the arithmetic */
  readonly bytes: 8 | 4;
  /** whether E takes whitened points (triangles.ts) */
  whitens: boolean;
  /** the components that M measures */
  measured: readonly ComponentRange[];
  /** f64 numbers at an address, and numbers of the arithmetic */
  readonly view: (address: number, length: number) => Float64Array;
  readonly numbers: (address: number, length: number) => Numbers;
  /** in: multiplier of the weights */
  copyIn(tiles: Tiles, firstTile: number, endTile: number, multiplier: number): Group;
  /** joint ← log joint densities */
  densities(group: Group): void;
  /** joint ← h, scales ← √(ω / s), log densities; totals += log-likelihood and weight */
  softMax(group: Group): void;
  /**
   * joint, scales ← responsibility 1 for one component of each point; totals += weight
   * in: joint, 0 everywhere; labels, the component of each point of the group
   */
  assign(group: Group, labels: Int32Array): void;
  /** joint ← 0 again where `assign` wrote */
  unassign(group: Group, labels: Int32Array): void;
  /** totals += N, s, S of every component that is measured */
  moments(group: Group): void;
}

type CallName = "densities" | "softMax" | "moments" | "framedMoments" | "whiten" | "whitenedDensities";

/** Does a kernel of this shape fit into the 4 GiB of a WebAssembly memory? Otherwise the reference kernel serves. */
export function fitsMemory(shape: KernelShape, arithmetic: Arithmetic, bits: Bits = 128): boolean {
  const measures = measuresOf(shape, { arithmetic, bits });
  const { end } = kernelMemory(shape, formOf(shape.covarianceType, measures), measures);
  return end <= MOST_BYTES;
}

/** Instantiates the module with a memory that fits the shape and never grows. */
export function instantiate(program: SimdProgram, shape: KernelShape): Instance {
  const { features, components, tileSize } = shape;
  const measures = measuresOf(shape, program);
  const { bytes, vectorBytes } = measures;
  const form = formOf(shape.covarianceType, measures);
  const at = kernelMemory(shape, form, measures);
  const { calls, buffer } = openModule<CallName>(program.module, at.end);
  const view = (address: number, length: number) => new Float64Array(buffer, address, length);
  const NumbersOf = bytes === 8 ? Float64Array : Float32Array;
  const numbers = (address: number, length: number) => new NumbersOf(buffer, address, length);
  const tileNumbers = tileSize * features;
  const pointsView = numbers(at.points, at.groupPoints * features);
  const weightsView = view(at.weights, at.groupPoints);
  const scalesView = view(at.scales, at.groupPoints);
  const jointView = view(at.joint, (components * at.jointStride) / 8);
  const weightTotals = view(at.totals + vectorBytes, vectorBytes / 8);
  const componentsEnd = at.components + components * form.component.bytes;
  const pointsEnd = (group: Group) => at.points + group.points * features * bytes;

  function copyWeights({ pointWeights, count }: Tiles, first: number, points: number): void {
    if (pointWeights !== null) weightsView.set(pointWeights.subarray(first, first + points));
    else if (first + points <= count) weightsView.fill(1, 0, points);
    else weightsView.fill(1, 0, count - first).fill(0, count - first, points);
  }

  const instance: Instance = {
    shape,
    form,
    memory: at,
    bytes,
    whitens: false,
    measured: [],
    view,
    numbers,

    copyIn(tiles, firstTile, endTile, multiplier) {
      pointsView.set(tiles.data.subarray(firstTile * tileNumbers, endTile * tileNumbers));
      const group = { firstPoint: firstTile * tileSize, points: (endTile - firstTile) * tileSize };
      copyWeights(tiles, group.firstPoint, group.points);
      if (multiplier !== 1) for (let i = 0; i < group.points; i++) weightsView[i] *= multiplier;
      return group;
    },

    densities(group) {
      const { components: own, shared, points, whitened, joint, jointStride } = at;
      const length = pointsEnd(group) - points;
      if (instance.whitens) {
        calls.whiten(shared, points, points + length, whitened);
        calls.whitenedDensities(own, componentsEnd, shared, whitened, whitened + length, joint, jointStride);
      } else {
        calls.densities(own, componentsEnd, shared, points, points + length, joint, jointStride);
      }
    },

    softMax(group) {
      const { joint, jointStride, weights, scales, logDensities, totals } = at;
      const jointEnd = joint + group.points * 8;
      const rows = components * jointStride;
      calls.softMax(joint, jointEnd, jointStride, rows, at.components, weights, scales, logDensities, totals);
    },

    assign(group, labels) {
      const root = form.keeps === "root";
      for (let i = 0; i < group.points; i++) {
        const weight = weightsView[i];
        jointView[(labels[i] * at.jointStride) / 8 + i] = 1;
        scalesView[i] = root ? Math.sqrt(weight) : weight;
        weightTotals[i % weightTotals.length] += weight;
      }
    },

    unassign(group, labels) {
      for (let i = 0; i < group.points; i++) jointView[(labels[i] * at.jointStride) / 8 + i] = 0;
    },

    moments(group) {
      const { measured, measuredShared, points, jointStride, scales, list, sharedSums } = at;
      for (const { framed, first, end } of instance.measured) {
        const call = framed ? calls.framedMoments : calls.moments;
        const own = measured + first * form.component.bytes;
        const ownEnd = measured + end * form.component.bytes;
        const joint = at.joint + first * jointStride;
        const sums = at.sums + first * form.sums * vectorBytes;
        call(own, ownEnd, measuredShared, points, pointsEnd(group), joint, jointStride, scales, list, sums, sharedSums);
      }
    },
  };
  return instance;
}
