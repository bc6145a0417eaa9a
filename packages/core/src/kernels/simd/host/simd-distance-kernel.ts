import { GROUP_TILES, STRIP_POINTS } from "../../../points/nodes.ts";
import { coordinates, readTileWeights } from "../../../points/tiles.ts";
import { CANDIDATES_AT_ONCE, type DistanceKernel, type DistancePower } from "../../distance-kernel.ts";
import type { KernelShape } from "../../kernel.ts";
import { Region } from "../forms/memory.ts";
import { FREE_BYTES } from "../language/constants.ts";
import type { SimdProgram } from "./compiled.ts";
import { openModule } from "./open-module.ts";

type DistanceShape = Pick<KernelShape, "features" | "tileSize">;
type Routines = "nearest" | "farthest" | "means" | `mass${1 | 2}` | `potentials${number}of${DistancePower}`;

/** A distance kernel around an instance of the program, with a memory of its own. */
export function simdDistanceKernel({ module }: SimdProgram, { features, tileSize }: DistanceShape): DistanceKernel {
  const strips = tileSize / STRIP_POINTS;
  const mostCentres = Math.max(CANDIDATES_AT_ONCE, strips);
  const groupPoints = GROUP_TILES * tileSize;
  const region = new Region(FREE_BYTES);
  const points = region.take(groupPoints * features * 8);
  const nearest = region.take(groupPoints * 8);
  const weights = region.take(groupPoints * 8);
  const centres = region.take(mostCentres * features * 8);
  const sums = region.take(GROUP_TILES * CANDIDATES_AT_ONCE * 16);
  const farthest = region.take(strips * 16);
  // Means are written two at a time: one behind the last is written as well.
  const means = region.take((strips * features + 1) * 8);
  const whole = region.take((features + 1) * 8);
  const { calls, buffer } = openModule<Routines>(module, region.end);
  const view = (address: number, length: number) => new Float64Array(buffer, address, length);
  const tileNumbers = tileSize * features;
  const pointsViews = Array.from({ length: GROUP_TILES }, (_, i) => view(points + i * tileNumbers * 8, tileNumbers));
  const weightsViews = Array.from({ length: GROUP_TILES }, (_, i) => view(weights + i * tileSize * 8, tileSize));
  const centresView = view(centres, mostCentres * features);
  const sumsView = view(sums, GROUP_TILES * CANDIDATES_AT_ONCE * 2);
  const farthestView = view(farthest, strips * 2);
  const ofStrips = new Float64Array(strips);
  const meansOfTile = { tile: view(whole, features), strips: view(means, strips * features) };
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

    means(place) {
      meansOfTile.tile.fill(0);
      calls.means(pointsAt(place), pointsAt(place + 1), means, whole);
      return meansOfTile;
    },

    farthest(place, given) {
      centresView.set(given);
      const stride = given.length === features ? 0 : features * 8;
      calls.farthest(centres, stride, pointsAt(place), pointsAt(place + 1), farthest);
      for (let strip = 0; strip < strips; strip++) {
        ofStrips[strip] = Math.max(farthestView[2 * strip], farthestView[2 * strip + 1]);
      }
      return ofStrips;
    },
  };
}
