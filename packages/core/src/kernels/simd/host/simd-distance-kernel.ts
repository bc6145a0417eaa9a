import type { Tiles } from "../../../points/tiles.ts";
import { readTileWeights } from "../../../points/tiles.ts";
import type { DistanceKernel, DistancePower, DistanceRequest } from "../../distance-kernel.ts";
import type { KernelShape } from "../../kernel.ts";
import { CANDIDATES_AT_ONCE } from "../arithmetic/distances.ts";
import { GROUP_POINTS, Region } from "../forms/memory.ts";
import { FREE_BYTES } from "../language/constants.ts";
import type { SimdProgram } from "./compiled.ts";
import type { Group } from "./instance.ts";
import { openModule } from "./open-module.ts";

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
  const labels = region.take(groupPoints * 8);
  const indices = region.take(CANDIDATES_AT_ONCE * 8);
  const { calls, buffer } = openModule<"nearest" | `labels${1 | 4}` | `potentials${number}of${DistancePower}`>(
    module,
    region.end,
  );
  const view = (address: number, length: number) => new Float64Array(buffer, address, length);
  const pointsView = view(points, groupPoints * features);
  const nearestView = view(nearest, groupPoints);
  const weightsView = view(weights, groupPoints);
  const centresView = view(centres, CANDIDATES_AT_ONCE * features);
  const sumsView = view(sums, CANDIDATES_AT_ONCE * 2);
  const labelsView = view(labels, groupPoints);
  const indicesView = view(indices, CANDIDATES_AT_ONCE);

  function copyIn(tiles: Tiles, firstTile: number, endTile: number): Group {
    const tileNumbers = features * tileSize;
    pointsView.set(tiles.data.subarray(firstTile * tileNumbers, endTile * tileNumbers));
    for (let tile = firstTile; tile < endTile; tile++) {
      const from = (tile - firstTile) * tileSize;
      readTileWeights(tiles, tile, weightsView.subarray(from, from + tileSize));
    }
    return { from: 0, firstPoint: firstTile * tileSize, points: (endTile - firstTile) * tileSize };
  }

  function measureGroup(group: Group, restart: number, request: DistanceRequest, potentials: Float64Array): void {
    const { restarts, candidates, power, first, parameters, squaredDistances } = request;
    const from = restart * (squaredDistances.length / restarts) + group.firstPoint;
    const distances = squaredDistances.subarray(from, from + group.points);
    const pointsEnd = points + group.points * features * 8;
    const centre = restart * (1 + candidates) * features;
    nearestView.set(distances);
    if (!first) {
      centresView.set(parameters.subarray(centre, centre + features));
      calls.nearest(centres, points, pointsEnd, nearest);
      distances.set(nearestView.subarray(0, group.points));
    }
    for (let c = 0; c < candidates; c += CANDIDATES_AT_ONCE) {
      const several = Math.min(CANDIDATES_AT_ONCE, candidates - c);
      const start = centre + (1 + c) * features;
      centresView.set(parameters.subarray(start, start + several * features));
      sumsView.fill(0);
      calls[`potentials${several}of${power}`](centres, points, pointsEnd, nearest, weights, sums);
      for (let i = 0; i < several; i++)
        potentials[restart * candidates + c + i] += sumsView[2 * i] + sumsView[2 * i + 1];
    }
  }

  function labelGroup(group: Group, given: Float64Array, out: Int32Array): void {
    const pointsEnd = points + group.points * features * 8;
    nearestView.fill(Number.POSITIVE_INFINITY);
    labelsView.fill(0);
    const count = given.length / features;
    for (let c = 0; c < count; ) {
      const several = count - c >= CANDIDATES_AT_ONCE ? CANDIDATES_AT_ONCE : 1;
      centresView.set(given.subarray(c * features, (c + several) * features));
      for (let i = 0; i < several; i++) indicesView[i] = c + i;
      calls[`labels${several}`](centres, indices, points, pointsEnd, nearest, labels);
      c += several;
    }
    out.set(labelsView.subarray(0, group.points));
  }

  return {
    label({ tiles, first, end }, given, out) {
      for (let tile = first; tile < end; tile += groupTiles) {
        const group = copyIn(tiles, tile, Math.min(tile + groupTiles, end));
        const from = (tile - first) * tileSize;
        labelGroup(group, given, out.subarray(from, from + group.points));
      }
    },

    measure({ tiles, first, end }, request, potentials) {
      potentials.fill(0);
      for (let tile = first; tile < end; tile += groupTiles) {
        const group = copyIn(tiles, tile, Math.min(tile + groupTiles, end));
        for (let restart = 0; restart < request.restarts; restart++) measureGroup(group, restart, request, potentials);
      }
    },
  };
}
