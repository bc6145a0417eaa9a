import { STRIP_POINTS } from "../../../points/nodes.ts";
import { readTileWeights } from "../../../points/tiles.ts";
import type { DistanceKernel, DistancePower } from "../../distance-kernel.ts";
import type { KernelShape } from "../../kernel.ts";
import { CANDIDATES_AT_ONCE } from "../arithmetic/distances.ts";
import { Region } from "../forms/memory.ts";
import { FREE_BYTES } from "../language/constants.ts";
import type { SimdProgram } from "./compiled.ts";
import { openModule } from "./open-module.ts";

type DistanceShape = Pick<KernelShape, "features" | "tileSize">;

/** A distance kernel around an instance of the program, with a memory of its own. */
export function simdDistanceKernel({ module }: SimdProgram, { features, tileSize }: DistanceShape): DistanceKernel {
  const strips = tileSize / STRIP_POINTS;
  const region = new Region(FREE_BYTES);
  const points = region.take(tileSize * features * 8);
  const nearest = region.take(tileSize * 8);
  const weights = region.take(tileSize * 8);
  const centres = region.take(Math.max(CANDIDATES_AT_ONCE, strips) * features * 8);
  const sums = region.take(CANDIDATES_AT_ONCE * 16);
  const labels = region.take(tileSize * 8);
  const index = region.take(8);
  const found = region.take(tileSize * 8);
  const { calls, buffer } = openModule<
    "approach" | "distances" | `mass${1 | 2}` | `potentials${number}of${DistancePower}`
  >(module, region.end);
  const view = (address: number, length: number) => new Float64Array(buffer, address, length);
  const pointsView = view(points, tileSize * features);
  const nearestView = view(nearest, tileSize);
  const weightsView = view(weights, tileSize);
  const centresView = view(centres, Math.max(CANDIDATES_AT_ONCE, strips) * features);
  const sumsView = view(sums, CANDIDATES_AT_ONCE * 2);
  const labelsView = view(labels, tileSize);
  const indexView = view(index, 1);
  const foundView = view(found, tileSize);
  const pointsEnd = points + tileSize * features * 8;

  return {
    open(tiles, tile) {
      pointsView.set(tiles.data.subarray(tile * tileSize * features, (tile + 1) * tileSize * features));
      readTileWeights(tiles, tile, weightsView);
    },

    approach(centre, label, given) {
      centresView.set(centre);
      nearestView.set(given.squared);
      labelsView.set(given.labels);
      indexView[0] = label;
      calls.approach(centres, index, points, pointsEnd, nearest, labels);
      // Labels first: a block that is begun again, because a thread died, then finds the distances not yet updated.
      given.labels.set(labelsView);
      given.squared.set(nearestView);
    },

    mass(squared, power, out) {
      nearestView.set(squared);
      calls[`mass${power}`](nearest, nearest + tileSize * 8, weights, sums);
      out[0] = sumsView[0] + sumsView[1];
      out[1] = Math.max(sumsView[2], sumsView[3]);
    },

    potentials(squared, given, power, out) {
      nearestView.set(squared);
      for (let c = 0; c < out.length; c += CANDIDATES_AT_ONCE) {
        const several = Math.min(CANDIDATES_AT_ONCE, out.length - c);
        centresView.set(given.subarray(c * features, (c + several) * features));
        sumsView.fill(0);
        calls[`potentials${several}of${power}`](centres, points, pointsEnd, nearest, weights, sums);
        for (let i = 0; i < several; i++) out[c + i] = sumsView[2 * i] + sumsView[2 * i + 1];
      }
    },

    distances(given) {
      centresView.set(given);
      const stride = given.length === features ? 0 : features * 8;
      calls.distances(centres, stride, points, pointsEnd, found);
      return foundView;
    },
  };
}
