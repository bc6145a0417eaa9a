import type { Setting } from "./setting.ts";
import { advance, type Integer, integer, lessThan, plus, repeat, type Variable } from "./wasm.ts";

/**
 * Walks over the points of a group of tiles, strip by strip: `strip` finds the first feature of its points at
 * `points`, and each further feature a row on; `tileDone` follows the last strip of a tile.
 */
export function walkTiles(
  { features, tileSize, lanes }: Setting,
  points: Variable<"i32">,
  end: Integer,
  stripBytes: number,
  strip: () => void,
  tileDone: () => void = () => {},
): void {
  const rowBytes = tileSize * lanes.bytes;
  repeat(() => {
    const rowEnd = integer(plus(points, rowBytes));
    repeat(() => {
      strip();
      advance(points, stripBytes);
      return lessThan(points, rowEnd);
    });
    advance(points, (features - 1) * rowBytes);
    tileDone();
    return lessThan(points, end);
  });
}
