import type { Groups } from "../mixture/groups.ts";
import type { RenderFunction } from "./drawing.ts";
import { groupColour, groupDash } from "./group-colour.ts";
import { layer, type Plane } from "./layer.ts";

/** Shares of a group that its two ellipses hold. */
const HELD = [0.5, 0.95];

/** in: shown, groups; a and b, the features across and up */
export function ellipses(groups: Groups, shown: readonly number[], a: number, b: number): RenderFunction {
  return layer((plane) => {
    const all = plane.element("g", { fill: "none", class: "ellipses" });
    for (const group of shown) {
      const stroke = { stroke: groupColour(group), "stroke-dasharray": groupDash(group) };
      for (const [i, share] of HELD.entries()) {
        const d = ellipse(groups, group, { a, b, radius: radiusOf(share) }, plane);
        all.append(plane.element("path", { d, ...stroke, "stroke-width": i === 0 ? 1.8 : 1.2 }));
      }
    }
    const clip = plane.element("svg", { ...plane.inside, role: "none" });
    clip.append(all);
    return clip;
  });
}

/** Mahalanobis distance that a share of a normal distribution in the plane does not exceed. */
export function radiusOf(share: number): number {
  return Math.sqrt(-2 * Math.log(1 - share));
}

interface Cut {
  readonly a: number;
  readonly b: number;
  readonly radius: number;
}

/** The outline as a path of two arcs, in pixels. */
function ellipse(groups: Groups, group: number, { a, b, radius }: Cut, { x, y }: Plane): string {
  const [scaleX, scaleY] = [x(1) - x(0), y(1) - y(0)];
  const covariance = groups.covariance(group, a, b) * scaleX * scaleY;
  const axes = principalAxes(
    groups.covariance(group, a, a) * scaleX ** 2,
    covariance,
    groups.covariance(group, b, b) * scaleY ** 2,
  );
  const [long, short] = [axes.long * radius, axes.short * radius];
  const [dx, dy] = [long * Math.cos(axes.angle), long * Math.sin(axes.angle)];
  const [cx, cy] = [x(groups.mean(group, a)), y(groups.mean(group, b))];
  const arc = `A${long.toFixed(1)} ${short.toFixed(1)} ${((axes.angle * 180) / Math.PI).toFixed(1)} 0 1`;
  const point = (sign: number) => `${(cx + sign * dx).toFixed(1)} ${(cy + sign * dy).toFixed(1)}`;
  return `M${point(-1)}${arc} ${point(1)}${arc} ${point(-1)}Z`;
}

/** Standard deviations along the axes of a 2 × 2 covariance, and the angle of the longer one in radians. */
export function principalAxes(xx: number, xy: number, yy: number): { long: number; short: number; angle: number } {
  const middle = (xx + yy) / 2;
  const spread = Math.hypot((xx - yy) / 2, xy);
  return {
    long: Math.sqrt(middle + spread),
    short: Math.sqrt(Math.max(0, middle - spread)),
    angle: Math.atan2(2 * xy, xx - yy) / 2,
  };
}
