import { coordinates, type Tiles } from "../../points/tiles.ts";
import type { BlockTask, ColumnsPass } from "../pass.ts";

type Numbers = Float64Array | Float32Array;

/** Some features of the points of some tiles, to rows or from rows. */
export function columns({ first: feature, rows, order }: ColumnsPass, tiles: Tiles): BlockTask {
  const { count, tileSize } = tiles;
  const width = rows.length / count;

  return (first, end) => {
    for (let tile = first; tile < end; tile++) {
      const part = coordinates(tiles, tile, tile + 1).subarray(feature * tileSize, (feature + width) * tileSize);
      const points = Math.min(tileSize, count - tile * tileSize);
      const from = tile * tileSize;
      if (order === null) copyToRows(part, tileSize, rows.subarray(from * width, (from + points) * width));
      else copyFromRows(rows, width, order.subarray(from, from + points), part);
    }
  };
}

// A column after the other, though rows are read or written in steps: twice as fast as a row after the other.

/** in: columns of a tile. out: a row for each of its points */
function copyToRows(columns: Numbers, tileSize: number, rows: Numbers): void {
  const width = columns.length / tileSize;
  for (let j = 0; j < width; j++) {
    for (let from = j * tileSize, to = j; to < rows.length; from++, to += width) rows[to] = columns[from];
  }
}

/** in: which rows go to the lanes of a tile; the first also fills its padding. out: columns of the tile */
function copyFromRows(rows: Numbers, width: number, chosen: Uint32Array, columns: Numbers): void {
  const tileSize = columns.length / width;
  for (let j = 0; j < width; j++) {
    const start = j * tileSize;
    for (let lane = 0; lane < chosen.length; lane++) columns[start + lane] = rows[chosen[lane] * width + j];
    if (chosen.length < tileSize) columns.fill(columns[start], start + chosen.length, start + tileSize);
  }
}
