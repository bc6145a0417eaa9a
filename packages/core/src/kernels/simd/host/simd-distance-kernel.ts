import type { Tiles } from "../../../points/tiles.ts";
import { readTileWeights } from "../../../points/tiles.ts";
import type { DistanceKernel, DistanceRequest } from "../../distance-kernel.ts";
import type { KernelShape } from "../../kernel.ts";
import { CANDIDATES_AT_ONCE } from "../arithmetic/distances.ts";
import { Region } from "../forms/memory.ts";
import { FREE_BYTES } from "../language/constants.ts";
import type { SimdProgram } from "./compiled.ts";

/** Points whose potentials are chained before they are added to the totals. */
const GROUP_POINTS = 512;
const PAGE_BYTES = 65536;

type Call = (...integers: number[]) => void;
type Calls = Readonly<Record<"nearest" | `potentials${number}`, Call>>;
type DistanceShape = Pick<KernelShape, "features" | "tileSize">;

/** A distance kernel around an instance of the program, with a memory of its own. */
export function simdDistanceKernel({ module }: SimdProgram, { features, tileSize }: DistanceShape): DistanceKernel {
  const groupTiles = Math.max(1, Math.floor(GROUP_POINTS / tileSize));
  const groupPoints = groupTiles * tileSize;
  const region = new Region(FREE_BYTES);
  const points = region.take(groupPoints * features * 8);
  const nearest = region.take(groupPoints * 8);
  const weights = region.take(groupPoints * 8);
  const centres = region.take(CANDIDATES_AT_ONCE * features * 8);
  const sums = region.take(CANDIDATES_AT_ONCE * 16);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(region.end / PAGE_BYTES) });
  const calls = new WebAssembly.Instance(module as WebAssembly.Module, { emix: { memory } })
    .exports as unknown as Calls;
  const view = (address: number, length: number) => new Float64Array(memory.buffer, address, length);
  const pointsView = view(points, groupPoints * features);
  const nearestView = view(nearest, groupPoints);
  const weightsView = view(weights, groupPoints);
  const centresView = view(centres, CANDIDATES_AT_ONCE * features);
  const sumsView = view(sums, CANDIDATES_AT_ONCE * 2);

  function copyIn(tiles: Tiles, firstTile: number, endTile: number): number {
    const tileNumbers = features * tileSize;
    pointsView.set(tiles.data.subarray(firstTile * tileNumbers, endTile * tileNumbers));
    for (let tile = firstTile; tile < endTile; tile++) {
      const from = (tile - firstTile) * tileSize;
      readTileWeights(tiles, tile, weightsView.subarray(from, from + tileSize));
    }
    return points + (endTile - firstTile) * tileNumbers * 8;
  }

  function measureRun(request: DistanceRequest, run: number, from: number, pointsEnd: number, out: Float64Array): void {
    const { candidates, parameters, squaredDistances } = request;
    const first = run * (1 + candidates) * features;
    const count = (pointsEnd - points) / (8 * features);
    const distances = squaredDistances.subarray(from, from + count);
    nearestView.set(distances);
    centresView.set(parameters.subarray(first, first + features));
    calls.nearest(centres, points, pointsEnd, nearest);
    distances.set(nearestView.subarray(0, count));
    for (let c = 0; c < candidates; c += CANDIDATES_AT_ONCE) {
      const several = Math.min(CANDIDATES_AT_ONCE, candidates - c);
      const start = first + (1 + c) * features;
      centresView.set(parameters.subarray(start, start + several * features));
      sumsView.fill(0);
      calls[`potentials${several}`](centres, points, pointsEnd, nearest, weights, sums);
      for (let i = 0; i < several; i++) out[run * candidates + c + i] += sumsView[2 * i] + sumsView[2 * i + 1];
    }
  }

  return {
    measure(tiles, firstTile, endTile, request, out) {
      out.fill(0);
      const padded = request.squaredDistances.length / request.runs;
      for (let tile = firstTile; tile < endTile; tile += groupTiles) {
        const pointsEnd = copyIn(tiles, tile, Math.min(tile + groupTiles, endTile));
        for (let run = 0; run < request.runs; run++) {
          measureRun(request, run, run * padded + tile * tileSize, pointsEnd, out);
        }
      }
    },
  };
}
