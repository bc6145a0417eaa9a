import { STRIP_POINTS } from "../../../points/nodes.ts";
import { walkFeatures } from "../language/feature-walk.ts";
import { range } from "../language/range.ts";
import type { Setting } from "../language/setting.ts";
import { walkTiles } from "../language/tile-walk.ts";
import {
  type Address,
  advance,
  at,
  evenNumbers,
  oddNumbers,
  type Routine,
  routine,
  set,
  shifted,
  store,
  type Vector,
  vector,
} from "../language/wasm.ts";

/**
 * in: points … pointsEnd, one tile. out: means, d for each strip of 8; in/out: whole, d numbers to which the mean of each strip is
 * added, as its share of the tile. A number behind each is overwritten
 */
export function stripMeans(setting: Setting): Routine {
  const { lanes, features, tileSize, unrolled, pool } = setting;
  const rowBytes = tileSize * lanes.bytes;
  return routine(["points", "pointsEnd", "means", "whole"] as const, (p) => {
    walkTiles(setting, p.points, p.pointsEnd, STRIP_POINTS * lanes.bytes, () => {
      const rows = {
        x: { first: at(0, p.points), bytes: rowBytes },
        mean: { first: at(0, p.means), bytes: lanes.bytes },
        whole: { first: at(0, p.whole), bytes: lanes.bytes },
      };
      walkFeatures(features, unrolled, rows, (count, first) => {
        for (let j = 0; j < count; j += 2) {
          const a = sumOf(shifted(first.x, j * rowBytes));
          const b = j + 1 < count ? sumOf(shifted(first.x, (j + 1) * rowBytes)) : a;
          const mean = vector(lanes.mul(lanes.add(evenNumbers(a, b), oddNumbers(a, b)), pool.splat(1 / STRIP_POINTS)));
          const whole = shifted(first.whole, j * lanes.bytes);
          store(shifted(first.mean, j * lanes.bytes), mean);
          store(whole, lanes.madd(mean, pool.splat(STRIP_POINTS / tileSize), lanes.load(whole)));
        }
      });
      advance(p.means, features * lanes.bytes);
    });
  });

  /** Of the numbers of a strip: those at even places, and at odd ones. */
  function sumOf(x: Address): Vector {
    const sum = vector(lanes.load(x));
    for (const v of range(STRIP_POINTS / lanes.count - 1)) {
      set(sum, lanes.add(sum, lanes.load(shifted(x, (v + 1) * lanes.vectorBytes))));
    }
    return sum;
  }
}
