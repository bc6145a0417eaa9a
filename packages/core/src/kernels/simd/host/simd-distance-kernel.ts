import { GROUP_TILES, STRIP_POINTS } from "../../../points/nodes.ts";
import { coordinates, readTileWeights } from "../../../points/tiles.ts";
import { CANDIDATES_AT_ONCE, type DistanceKernel, type DistancePower } from "../../distance-kernel.ts";
import type { KernelShape } from "../../kernel.ts";
import { Region } from "../forms/memory.ts";
import { FREE_BYTES } from "../language/constants.ts";
import type { SimdProgram } from "./compiled.ts";
import { openModule } from "./open-module.ts";

type DistanceShape = Pick<KernelShape, "features" | "tileSize">;
type Routines = "nearest" | "distances" | "sums" | `mass${1 | 2}` | `potentials${number}of${DistancePower}`;

/** A distance kernel around an instance of the program, with a memory of its own. */
export function simdDistanceKernel({ module }: SimdProgram, { features, tileSize }: DistanceShape): DistanceKernel {
  const mostCentres = Math.max(CANDIDATES_AT_ONCE, tileSize / STRIP_POINTS);
  const groupPoints = GROUP_TILES * tileSize;
  const region = new Region(FREE_BYTES);
  const points = region.take(groupPoints * features * 8);
  const nearest = region.take(groupPoints * 8);
  const weights = region.take(groupPoints * 8);
  const centres = region.take(mostCentres * features * 8);
  const sums = region.take(GROUP_TILES * CANDIDATES_AT_ONCE * 16);
  const found = region.take(tileSize * 8);
  const counted = region.take(tileSize * 8);
  const coordinateSums = region.take((tileSize / STRIP_POINTS) * features * 16);
  const { calls, buffer } = openModule<Routines>(module, region.end);
  const view = (address: number, length: number) => new Float64Array(buffer, address, length);
  const tileNumbers = tileSize * features;
  const pointsViews = Array.from({ length: GROUP_TILES }, (_, i) => view(points + i * tileNumbers * 8, tileNumbers));
  const weightsViews = Array.from({ length: GROUP_TILES }, (_, i) => view(weights + i * tileSize * 8, tileSize));
  const centresView = view(centres, mostCentres * features);
  const sumsView = view(sums, GROUP_TILES * CANDIDATES_AT_ONCE * 2);
  const foundView = view(found, tileSize);
  const countedView = view(counted, tileSize);
  const coordinateSumsView = view(coordinateSums, (tileSize / STRIP_POINTS) * features * 2);
  const ofStrips = new Float64Array((tileSize / STRIP_POINTS) * features);
  const masses = new Float64Array(GROUP_TILES * 2);
  const potentials = new Float64Array(GROUP_TILES * CANDIDATES_AT_ONCE);
  const pointsAt = (place: number) => points + place * tileNumbers * 8;
  const nearestAt = (place: number) => nearest + place * tileSize * 8;
  const weightsAt = (place: number) => weights + place * tileSize * 8;

  return {
    squared: view(nearest, groupPoints),

    take(tiles, tile) {
      const place = tile % GROUP_TILES;
      pointsViews[place].set(coordinates(tiles, tile, tile + 1));
      readTileWeights(tiles, tile, weightsViews[place]);
    },

    approach({ first, end }, centre) {
      centresView.set(centre);
      calls.nearest(centres, pointsAt(first), pointsAt(end), nearestAt(first));
    },

    masses({ first, end }, power) {
      calls[`mass${power}`](nearestAt(first), nearestAt(end), weightsAt(first), sums);
      for (let place = first, at = 0; place < end; place++, at += 4) {
        masses[2 * place] = sumsView[at] + sumsView[at + 1];
        masses[2 * place + 1] = Math.max(sumsView[at + 2], sumsView[at + 3]);
      }
      return masses;
    },

    potentials({ first, end }, given, power) {
      const several = given.length / features;
      centresView.set(given);
      const call = calls[`potentials${several}of${power}`];
      call(centres, pointsAt(first), pointsAt(end), nearestAt(first), weightsAt(first), sums);
      for (let place = first, at = 0; place < end; place++) {
        for (let c = 0; c < several; c++, at += 2) {
          potentials[place * CANDIDATES_AT_ONCE + c] = sumsView[at] + sumsView[at + 1];
        }
      }
      return potentials;
    },

    sums(place, given) {
      countedView.set(given);
      calls.sums(pointsAt(place), pointsAt(place + 1), counted, coordinateSums);
      addPairs(coordinateSumsView, ofStrips);
      return ofStrips;
    },

    distances(place, given) {
      centresView.set(given);
      const stride = given.length === features ? 0 : features * 8;
      calls.distances(centres, stride, pointsAt(place), pointsAt(place + 1), found);
      return foundView;
    },
  };
}

/** out: the sum of each two neighbours */
function addPairs(pairs: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = pairs[2 * i] + pairs[2 * i + 1];
}
