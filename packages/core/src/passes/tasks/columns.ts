import { coordinates, type Tiles } from "../../points/tiles.ts";
import type { BlockTask, ColumnsPass } from "../pass.ts";

type Numbers = Float64Array | Float32Array;

/** Some features of the points of a tile. A view of them alone would take a part of the time that they take. */
interface Part {
  /** of the whole tile */
  readonly columns: Numbers;
  readonly tileSize: number;
  /** where the first of the features begins in the columns, and how many there are */
  readonly start: number;
  readonly width: number;
  /** the first point, and how many there are */
  readonly from: number;
  readonly points: number;
}

/** Some features of the points of some tiles, to rows or from rows. */
export function columns({ first: feature, rows, order }: ColumnsPass, tiles: Tiles): BlockTask {
  const { count, tileSize } = tiles;
  const start = feature * tileSize;
  const width = rows.length / count;

  return (first, end) => {
    for (let tile = first; tile < end; tile++) {
      const from = tile * tileSize;
      const points = Math.min(tileSize, count - from);
      const part = { columns: coordinates(tiles, tile, tile + 1), tileSize, start, width, from, points };
      if (order === null) copyToRows(part, rows);
      else copyFromRows(rows, order, part);
    }
  };
}

// A column after the other, though rows are read or written in steps: twice as fast as a row after the other.

/** out: a row for each of the points */
function copyToRows({ columns, tileSize, start, width, from, points }: Part, rows: Numbers): void {
  for (let j = 0; j < width; j++) {
    const first = start + j * tileSize;
    for (let at = first, to = from * width + j; at < first + points; at++, to += width) rows[to] = columns[at];
  }
}

/** in: order, which rows go to the points; the first also fills the padding */
function copyFromRows(rows: Numbers, order: Uint32Array, part: Part): void {
  const { columns, tileSize, start, width, from, points } = part;
  for (let j = 0; j < width; j++) {
    const first = start + j * tileSize;
    for (let i = 0; i < points; i++) columns[first + i] = rows[order[from + i] * width + j];
    if (points < tileSize) columns.fill(columns[first], first + points, first + tileSize);
  }
}
