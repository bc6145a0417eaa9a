import { densityLayout } from "../../density.ts";
import { LOG_LIKELIHOOD, statisticsLayout, WEIGHT_TOTAL } from "../../sufficient-statistics.ts";
import type { Tiles } from "../../tiles.ts";
import type { Evaluation, Kernel, KernelShape } from "../kernel.ts";
import { packComponent } from "./component.ts";
import { Region } from "./memory.ts";
import { formOf, measures, type SimdProgram } from "./program.ts";

type Call = (...integers: number[]) => void;

/** Points of a group of tiles: sums are chained over a group, so the number is part of the kernel's bits. */
const GROUP_POINTS = 512;
/** Bytes that the responsibilities of a group may take. */
const JOINT_BYTES = 2 ** 19;
const VECTOR_BYTES = 16;
const PAGE_BYTES = 65536;

export function groupTiles({ components, tileSize }: KernelShape): number {
  const points = Math.min(GROUP_POINTS, JOINT_BYTES / (8 * components));
  return Math.max(1, Math.floor(points / tileSize));
}

/** A kernel around an instance of the program with a memory of its own. */
export function simdKernel(program: SimdProgram, shape: KernelShape): Kernel {
  const { features, components, covarianceType, tileSize } = shape;
  const form = formOf(shape);
  const { bytes } = measures(shape);
  const density = densityLayout(components, features, covarianceType);
  const statistics = statisticsLayout(components, features, covarianceType);
  const tilesOfGroup = groupTiles(shape);
  const groupPoints = tilesOfGroup * tileSize;
  const tileNumbers = tileSize * features;

  // The row of a component is one cache line longer than its points: rows whose distance is a power of two would
  // share the same few places of the cache.
  const jointStride = groupPoints * bytes + 64;
  const region = new Region(form.scratchEnd);
  const componentsStart = region.take(components * form.component.bytes);
  const points = region.take(tilesOfGroup * tileNumbers * bytes);
  const weights = region.take(groupPoints * bytes);
  const scales = region.take(groupPoints * bytes);
  const logDensities = region.take(groupPoints * bytes);
  const list = region.take(groupPoints * VECTOR_BYTES + 64);
  const joint = region.take(components * jointStride);
  const totals = region.take((2 + components * form.sums) * VECTOR_BYTES);
  const end = region.end;

  const pages = Math.ceil(end / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages });
  const { exports } = new WebAssembly.Instance(program.module, { emix: { memory } });
  const calls = exports as unknown as Record<"densities" | "softMax" | "moments", Call>;
  const numbers = new Float64Array(memory.buffer);
  const view = (address: number, length: number) => numbers.subarray(address / 8, address / 8 + length);
  const pointsView = view(points, tilesOfGroup * tileNumbers);
  const weightsView = view(weights, groupPoints);
  const totalsView = view(totals, 2 * (2 + components * form.sums));
  const sums = new Float64Array(form.sums);
  const sumsStart = totals + 2 * VECTOR_BYTES;
  const componentsEnd = componentsStart + components * form.component.bytes;

  function copyIn(tiles: Tiles, first: number, last: number): void {
    pointsView.set(tiles.data.subarray(first * tileNumbers, last * tileNumbers));
    const from = first * tileSize;
    const to = last * tileSize;
    if (tiles.pointWeights !== null) weightsView.set(tiles.pointWeights.subarray(from, to));
    else if (to <= tiles.count) weightsView.fill(1, 0, to - from);
    else weightsView.fill(1, 0, tiles.count - from).fill(0, tiles.count - from);
  }

  function expectationOfGroup(count: number): void {
    const pointsEnd = points + count * tileNumbers * bytes;
    const jointEnd = joint + count * tileSize * bytes;
    const lastRow = components * jointStride;
    calls.densities(componentsStart, componentsEnd, points, pointsEnd, joint, jointStride);
    calls.softMax(joint, jointEnd, jointStride, lastRow, componentsStart, weights, scales, logDensities, totals);
  }

  function momentsOfGroup(count: number): void {
    const pointsEnd = points + count * tileNumbers * bytes;
    calls.moments(componentsStart, componentsEnd, points, pointsEnd, joint, jointStride, scales, list, sumsStart);
  }

  function writeSlot(slot: Float64Array): void {
    slot[LOG_LIKELIHOOD] = totalsView[0] + totalsView[1];
    slot[WEIGHT_TOTAL] = totalsView[2] + totalsView[3];
    for (let component = 0, from = 4; component < components; component++) {
      for (let i = 0; i < sums.length; i++, from += 2) sums[i] = totalsView[from] + totalsView[from + 1];
      form.unpackSums(sums, statistics, component, slot);
    }
  }

  return {
    kind: "simd",

    load(parameters) {
      for (let component = 0; component < components; component++) {
        const start = componentsStart + component * form.component.bytes;
        const own = view(start, form.component.bytes / 8);
        packComponent(form.component, density, parameters, component, own);
        form.packFactor(parameters, density, component, own.subarray(form.component.factor / 8));
      }
    },

    expectation(tiles, firstTile, endTile, slot) {
      totalsView.fill(0);
      for (let tile = firstTile; tile < endTile; tile += tilesOfGroup) {
        const last = Math.min(tile + tilesOfGroup, endTile);
        copyIn(tiles, tile, last);
        expectationOfGroup(last - tile);
        momentsOfGroup(last - tile);
      }
      writeSlot(slot);
    },

    evaluate(_tiles: Tiles, _firstTile: number, _endTile: number, _evaluation: Evaluation) {},
  };
}
