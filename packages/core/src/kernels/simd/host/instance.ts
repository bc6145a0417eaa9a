import { coordinates, type Tiles } from "../../../points/tiles.ts";
import type { Arithmetic, KernelShape } from "../../kernel.ts";
import type { Form } from "../forms/form.ts";
import { formOf } from "../forms/form-of.ts";
import { type KernelMemory, kernelMemory } from "../forms/memory.ts";
import { ASKED, LISTED, RUN } from "../language/lists.ts";
import { type Numbers, WHOLE_BYTES } from "../language/setting.ts";
import type { VectorBytes } from "../language/wasm.ts";
import type { SimdProgram } from "./compiled.ts";
import { copyTiles } from "./copy.ts";
import { MOST_BYTES, openModule } from "./open-module.ts";
import { measuresOf } from "./program.ts";

/** Some points of those that lie in the instance's memory. */
export interface Span {
  /** the first, counted from the start of the group */
  readonly from: number;
  readonly points: number;
}

/** All points that lie in the instance's memory. */
export interface Group extends Span {
  readonly from: 0;
  readonly firstPoint: number;
}

/** A list in the instance's memory (language/lists.ts), by its addresses. */
export interface List {
  readonly start: number;
  readonly end: number;
}

/** Lists of the components that M measures: those without a frame, and those with one. */
export interface MeasuredComponents {
  readonly plain: List;
  readonly framed: List;
}

/** An instance of a module: its private memory, and what its code does with a group of points. */
export interface Instance {
  readonly shape: KernelShape;
  readonly form: Form;
  readonly memory: KernelMemory;
  /** how many bytes a number has in the arithmetic */
  readonly bytes: 8 | 4;
  readonly vectorBytes: VectorBytes;
  /** whether E takes whitened points (triangles.ts) */
  whitens: boolean;
  /** k: as of `Frames`; which components M measures, and how */
  measured: Int8Array;
  /** f64 numbers at an address, numbers of the arithmetic, and addresses */
  readonly view: (address: number, length: number) => Float64Array;
  readonly numbers: (address: number, length: number) => Numbers;
  readonly integers: (address: number, length: number) => Int32Array;
  /** the whole memory as f64 numbers, and as numbers of the arithmetic */
  readonly doubles: Float64Array;
  readonly values: Numbers;
  readonly all: List;
  /** in: multiplier of the weights */
  copyIn(tiles: Tiles, firstTile: number, endTile: number, multiplier: number): Group;
  /** Prepares a group for `densities`. */
  whiten(group: Group): void;
  /** joint ← log joint densities */
  densities(span: Span, list: List): void;
  /** joint ← h, scales ← √(ω / s), log densities; chains += log-likelihood and weight */
  softMax(span: Span, list: List): void;
  /** references ← the largest lp of each point if it is larger; bounds ← the largest drop, the least reference */
  raiseReferences(span: Span, list: List): void;
  /** marks ← 1 for each component that comes within the skin of a reference */
  survey(span: Span, list: List): void;
  /** margins ← components of the sieve, against the group, by their widths (forms/sieve.ts) */
  approach(components: number, end: number): void;
  /** sifted ← eight components of the sieve, against the group */
  sieve(components: number, sifted: number): void;
  /** margins ← components of the sieve, against the tile, by what is left of the group */
  screen(components: number, end: number, sifted: number): void;
  /** centred ← the points of a tile from the centre of the group, in its radii */
  centre(span: Span): void;
  /** marks ← 1 for each of the first components that are asked that may reach a point of the tile. in: count, at least 1 */
  project(count: number): void;
  /** totals += chains, and the chains are 0 again */
  endChains(): void;
  /**
   * joint, scales ← responsibility 1 for one component of each point; totals += weight
   * in: joint, 0 everywhere; labels, the component of each point of the group
   */
  assign(group: Group, labels: Int32Array): void;
  /** joint ← 0 again where `assign` wrote */
  unassign(group: Group, labels: Int32Array): void;
  /** totals += N, s, S of the listed components */
  moments(summed: MeasuredComponents): void;
}

type CallName =
  | "densities"
  | "softMax"
  | "raiseReferences"
  | "survey"
  | "approach"
  | "sieve"
  | "screen"
  | "centre"
  | "project"
  | "moments"
  | "framedMoments"
  | "whiten"
  | "whitenedDensities";

/** Does a kernel of this shape fit into the 4 GiB of a WebAssembly memory? Otherwise the reference kernel serves. */
export function fitsMemory(shape: KernelShape, arithmetic: Arithmetic): boolean {
  const measures = measuresOf(shape, { arithmetic, bits: 256 });
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
  const integers = (address: number, length: number) => new Int32Array(buffer, address, length);
  const pointsView = numbers(at.points, at.groupPoints * features);
  const weightsView = view(at.weights, at.groupPoints);
  const scalesView = view(at.scales, at.groupPoints);
  const jointView = view(at.joint, (components * at.jointStride) / 8);
  const weightTotals = view(at.totals + WHOLE_BYTES, WHOLE_BYTES / 8);
  const groupTotals = view(at.totals, WHOLE_BYTES / 4);
  const chains = view(at.chains, WHOLE_BYTES / 4);
  const firstRun = integers(at.runs, RUN.bytes / 4);
  const pointBytes = features * bytes;
  listAll(integers(at.all, components * (LISTED.bytes / 4)), at, form);

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
    vectorBytes,
    whitens: false,
    measured: new Int8Array(components),
    view,
    numbers,
    integers,
    doubles: new Float64Array(buffer),
    values: new NumbersOf(buffer),
    all: { start: at.all, end: at.all + components * LISTED.bytes },

    copyIn(tiles, firstTile, endTile, multiplier) {
      copyTiles(coordinates(tiles, firstTile, endTile), pointsView);
      const group = { from: 0, firstPoint: firstTile * tileSize, points: (endTile - firstTile) * tileSize } as const;
      firstRun[RUN.points / 4] = at.points;
      firstRun[RUN.pointsEnd / 4] = at.points + group.points * pointBytes;
      copyWeights(tiles, group.firstPoint, group.points);
      if (multiplier !== 1) for (let i = 0; i < group.points; i++) weightsView[i] *= multiplier;
      return group;
    },

    whiten({ points }) {
      if (instance.whitens) calls.whiten(at.shared, at.points, at.points + points * pointBytes, at.whitened);
    },

    densities({ from, points }, { start, end }) {
      const call = instance.whitens ? calls.whitenedDensities : calls.densities;
      const first = (instance.whitens ? at.whitened : at.points) + from * pointBytes;
      call(start, end, at.shared, first, first + points * pointBytes, from * 8);
    },

    softMax({ from, points }, { start, end }) {
      const offset = from * 8;
      const [weights, scales, logDensities] = [at.weights + offset, at.scales + offset, at.logDensities + offset];
      calls.softMax(start, end, offset, offset + points * 8, weights, scales, logDensities, at.chains);
    },

    raiseReferences({ from, points }, { start, end }) {
      const offset = from * 8;
      calls.raiseReferences(start, end, offset, offset + points * 8, at.references + offset, at.bounds);
    },

    survey({ from, points }, { start, end }) {
      const offset = from * 8;
      calls.survey(start, end, offset, offset + points * 8, at.references + offset, at.marks);
    },

    approach(components, end) {
      calls.approach(components, end, at.group, at.margins);
    },

    sieve(components, sifted) {
      calls.sieve(components, at.group, sifted, at.sifting);
    },

    screen(components, end, sifted) {
      calls.screen(components, end, sifted, at.between, at.tile, at.margins);
    },

    centre({ from }) {
      calls.centre(at.points + from * pointBytes, at.group, at.centred);
    },

    project(count) {
      const { asked, group, sifting, centred, singles, marks } = at;
      calls.project(asked, asked + count * ASKED.bytes, group, sifting, centred, singles, marks);
    },

    endChains() {
      for (let i = 0; i < chains.length; i++) groupTotals[i] += chains[i];
      chains.fill(0);
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

    moments({ plain, framed }) {
      const { measuredShared, scales, list, sharedSums } = at;
      if (plain.start < plain.end) calls.moments(plain.start, plain.end, measuredShared, scales, list, sharedSums);
      if (framed.start < framed.end)
        calls.framedMoments(framed.start, framed.end, measuredShared, scales, list, sharedSums);
    },
  };
  return instance;
}

function listAll(entries: Int32Array, at: KernelMemory, form: Form): void {
  const length = LISTED.bytes / 4;
  for (let component = 0; component < entries.length / length; component++) {
    entries[component * length + LISTED.component / 4] = at.components + component * form.component.bytes;
    entries[component * length + LISTED.row / 4] = at.joint + component * at.jointStride;
  }
}
