import type { RenderFunction } from "./drawing.ts";
import { groupColour } from "./group-colour.ts";
import { layer } from "./layer.ts";

/** Where the number of a group stands, in the units of the axes. */
export interface Badge {
  readonly x: number;
  readonly y: number;
  readonly group: number;
}

const RADIUS = 9;
const LETTER = 6.5;

/** The number of each group in a ring of its colour, which widens for long numbers. Later ones cover earlier ones. */
export function badges(places: readonly Badge[]): RenderFunction {
  return layer((plane) => {
    const all = plane.element("g", { class: "badges" });
    for (const { x, y, group } of places) {
      const at = `translate(${plane.x(x).toFixed(1)},${plane.y(y).toFixed(1)})`;
      const badge = plane.element("g", { transform: at });
      const text = plane.element("text", {
        dy: "0.35em",
        "text-anchor": "middle",
        fill: "var(--ink)",
        "font-weight": 600,
      });
      text.textContent = String(group);
      const half = Math.max(RADIUS, (LETTER * String(group).length) / 2 + 5);
      const size = { x: -half, y: -RADIUS, width: 2 * half, height: 2 * RADIUS, rx: RADIUS, fill: "var(--surface)" };
      badge.append(plane.element("rect", { ...size, stroke: groupColour(group), "stroke-width": 2 }), text);
      all.append(badge);
    }
    return all;
  });
}

/** The same, but without those that would cover one before them. */
export function badgesApart(places: readonly Badge[]): RenderFunction {
  return (...given) => {
    const { x, y } = given[1] as unknown as { x(value: number): number; y(value: number): number };
    const kept: Badge[] = [];
    for (const place of places) {
      const far = (other: Badge) => Math.hypot(x(place.x) - x(other.x), y(place.y) - y(other.y)) >= 2 * RADIUS;
      if (kept.every(far)) kept.push(place);
    }
    return badges(kept)(...given);
  };
}
