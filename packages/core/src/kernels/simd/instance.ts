import type { Tiles } from "../../tiles.ts";
import type { KernelShape } from "../kernel.ts";
import type { Form } from "./form.ts";
import { type KernelMemory, kernelMemory } from "./memory.ts";
import { formOf } from "./program.ts";

/** Points that lie in the instance's memory. */
export interface Group {
  readonly firstPoint: number;
  readonly points: number;
}

/** An instance of a module: its private memory, and what its code does with a group of points. */
export interface Instance {
  readonly form: Form;
  readonly memory: KernelMemory;
  readonly numbers: Float64Array;
  /** whether E takes whitened points (tied.ts) */
  whitens: boolean;
  /** `length` numbers at an address */
  view(address: number, length: number): Float64Array;
  copyIn(tiles: Tiles, firstTile: number, endTile: number): Group;
  /** joint ← log joint densities */
  densities(group: Group): void;
  /** joint ← h, scales ← √(ω / s), log densities; totals += log-likelihood and weight */
  softMax(group: Group): void;
  /** totals += N, s, S of every component */
  moments(group: Group): void;
}

type Call = (...integers: number[]) => void;
type Calls = Readonly<Record<"densities" | "softMax" | "moments" | "whiten" | "whitenedDensities", Call>>;

const PAGE_BYTES = 65536;

/** Instantiates the module with a memory that fits the shape and never grows. */
export function instantiate(module: WebAssembly.Module, shape: KernelShape): Instance {
  const { features, components, tileSize } = shape;
  const form = formOf(shape);
  const at = kernelMemory(shape, form);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(at.end / PAGE_BYTES) });
  const calls = new WebAssembly.Instance(module, { emix: { memory } }).exports as unknown as Calls;
  const numbers = new Float64Array(memory.buffer);
  const view = (address: number, length: number) => numbers.subarray(address / 8, address / 8 + length);
  const tileNumbers = tileSize * features;
  const pointsView = view(at.points, at.groupPoints * features);
  const weightsView = view(at.weights, at.groupPoints);
  const componentsEnd = at.components + components * form.component.bytes;
  const pointsEnd = (group: Group) => at.points + group.points * features * 8;

  function copyWeights({ pointWeights, count }: Tiles, first: number, points: number): void {
    if (pointWeights !== null) weightsView.set(pointWeights.subarray(first, first + points));
    else if (first + points <= count) weightsView.fill(1, 0, points);
    else weightsView.fill(1, 0, count - first).fill(0, count - first, points);
  }

  const instance: Instance = {
    form,
    memory: at,
    numbers,
    whitens: false,
    view,

    copyIn(tiles, firstTile, endTile) {
      pointsView.set(tiles.data.subarray(firstTile * tileNumbers, endTile * tileNumbers));
      const group = { firstPoint: firstTile * tileSize, points: (endTile - firstTile) * tileSize };
      copyWeights(tiles, group.firstPoint, group.points);
      return group;
    },

    densities(group) {
      const { components: own, shared, points, whitened, joint, jointStride } = at;
      const bytes = pointsEnd(group) - points;
      if (instance.whitens) {
        calls.whiten(shared, points, points + bytes, whitened);
        calls.whitenedDensities(own, componentsEnd, shared, whitened, whitened + bytes, joint, jointStride);
      } else {
        calls.densities(own, componentsEnd, shared, points, points + bytes, joint, jointStride);
      }
    },

    softMax(group) {
      const { joint, jointStride, weights, scales, logDensities, totals } = at;
      const jointEnd = joint + group.points * 8;
      const rows = components * jointStride;
      calls.softMax(joint, jointEnd, jointStride, rows, at.components, weights, scales, logDensities, totals);
    },

    moments(group) {
      const { components: own, points, joint, jointStride, scales, list, sums, sharedSums } = at;
      calls.moments(
        own,
        componentsEnd,
        points,
        pointsEnd(group),
        joint,
        jointStride,
        scales,
        list,
        sums,
        sharedSums,
      );
    },
  };
  return instance;
}
