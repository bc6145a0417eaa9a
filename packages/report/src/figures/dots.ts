import type { RenderFunction } from "./drawing.ts";
import { groupColour } from "./group-colour.ts";
import { layer } from "./layer.ts";

/** A point to draw, in the units of the axes. */
export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly group: number;
  /** diameter in pixels */
  readonly size: number;
}

/** Dots of one path do not darken where they overlap; with short paths, dense places show. */
const DOTS_A_PATH = 30;

/** Points as round ends of strokes without length, many a path: a fifth of the text that circles take. */
export function dots(points: readonly Dot[], opacity: number): RenderFunction {
  return layer(({ x, y, element }) => {
    const group = element("g", { "stroke-linecap": "round", "stroke-opacity": opacity, fill: "none" });
    for (const bundle of bundles(points)) {
      const d = bundle.map((dot) => `M${x(dot.x).toFixed(1)},${y(dot.y).toFixed(1)}h0`).join("");
      group.append(element("path", { d, stroke: groupColour(bundle[0].group), "stroke-width": bundle[0].size }));
    }
    return group;
  });
}

/** Points of one group and size, up to DOTS_A_PATH together, in the order of the points. */
function bundles(points: readonly Dot[]): Dot[][] {
  const open = new Map<string, Dot[]>();
  const all: Dot[][] = [];
  for (const point of points) {
    const key = `${point.group} ${point.size}`;
    const bundle = open.get(key);
    if (bundle !== undefined && bundle.length < DOTS_A_PATH) bundle.push(point);
    else {
      open.set(key, [point]);
      all.push(open.get(key) as Dot[]);
    }
  }
  return all;
}
