import { greatest, least } from "@emix/core";
import { groupDensity, marginalDensity } from "../mixture/density.ts";
import { isInside } from "../mixture/frame.ts";
import type { Groups } from "../mixture/groups.ts";
import { type Bar, histogram } from "../mixture/histogram.ts";
import { html } from "../page/html.ts";
import { listNames } from "../words/names.ts";
import { around, count, countOf, quantity } from "../words/numbers.ts";
import { type Badge, badgesApart } from "./badges.ts";
import type { Drawing, Mark } from "./drawing.ts";
import type { Figure } from "./figure.ts";
import { groupColour, groupDash } from "./group-colour.ts";
import { MOST_MARKED, outsideNote } from "./pair.ts";
import { type Axes, panel, type Size } from "./panel.ts";
import { type Scene, titleOf } from "./scene.ts";

const STEPS = 120;
const GROUP_STEPS = 56;

/** A histogram of one feature with the density of the mixture and of each group. */
export function marginalFigure(drawing: Drawing, scene: Scene, feature: number): Figure {
  const shown = scene.column(feature).filter((value) => isInside(scene.frame(feature), value));
  return {
    id: `column-${feature}`,
    title: `Distribution of ${scene.names[feature]}`,
    description: describe(scene, feature, shown),
    caption: html`<strong>${scene.names[feature]}</strong>. ${span(scene, feature)}${outsideNote(scene, shown.length)}`,
    draw: (size) => marginalDrawing(drawing, scene, feature, size),
  };
}

export function marginalDrawing(drawing: Drawing, scene: Scene, feature: number, size: Size): string {
  const frame = scene.frame(feature);
  const bars = histogram(scene.column(feature), frame, binWidth(scene, feature));
  const curve = curveOf(marginalDensity(scene.groups, feature), mixturePlaces(scene, feature));
  const top = Math.max(highestBar(bars), Math.min(highest(curve), 4 * highestBar(bars)));
  const axes: Axes = {
    x: frame,
    y: { low: 0, high: 1.05 * top || 1 },
    xLabel: titleOf(scene, feature),
    yLabel: "density",
  };
  return panel(drawing, size, axes, [barMarks(drawing, bars), ...curves(drawing, scene, feature, curve, axes.y.high)]);
}

/** Bins that show the narrowest of the larger groups. */
function binWidth({ groups }: Scene, feature: number): number {
  const larger = groups.heaviest.filter((group) => groups.weights[group] >= 0.5 / groups.count);
  return 0.4 * least(larger.map((group) => groups.deviation(group, feature)));
}

function barMarks({ plot }: Drawing, bars: readonly Bar[]): Mark {
  return plot.rectY(
    bars.filter(({ rows }) => rows > 0),
    {
      x1: "low",
      x2: "high",
      y: "density",
      fill: "var(--bar)",
      inset: 0.5,
      title: ({ low, high, rows }: Bar) => `${quantity(low)} to ${quantity(high)}: ${countOf(rows, "row")}`,
    },
  );
}

type Curve = readonly (readonly [number, number])[];

function curveOf(density: (x: number) => number, places: readonly number[]): Curve {
  return places.map((x) => [x, density(x)] as const);
}

/** Places along a frame, and about each mean, so that no narrow group is missed. */
function mixturePlaces({ groups, frame }: Scene, feature: number): number[] {
  const { low, high } = frame(feature);
  const about = groups.heaviest.slice(0, MOST_MARKED).flatMap((group) => groupPlaces(groups, group, feature, 12));
  const all = [...steps(low, high, STEPS), ...about.filter((x) => x >= low && x <= high)];
  return all.sort((a, b) => a - b);
}

/** Places within four standard deviations of the mean of a group, at most this many steps. */
function groupPlaces(groups: Groups, group: number, feature: number, many: number): number[] {
  const mean = groups.mean(group, feature);
  const reach = 4 * groups.deviation(group, feature);
  return steps(mean - reach, mean + reach, many);
}

function steps(low: number, high: number, many: number): number[] {
  return Array.from({ length: many + 1 }, (_, i) => low + (i / many) * (high - low));
}

/** in: most, the top of the axis, where curves are cut */
function curves({ plot }: Drawing, scene: Scene, feature: number, whole: Curve, most: number): Mark[] {
  const { groups } = scene;
  const cutCurve = (curve: Curve) => curve.map(([x, y]) => [x, Math.min(y, most)]);
  const { low, high } = scene.frame(feature);
  const each = groups.heaviest.slice(0, MOST_MARKED).map((group) => {
    const dash = groupDash(group);
    const places = groupPlaces(groups, group, feature, GROUP_STEPS).filter((x) => x >= low && x <= high);
    return plot.line(cutCurve(curveOf(groupDensity(groups, group, feature), places)), {
      stroke: groupColour(group),
      strokeWidth: 1.6,
      ...(dash !== "" && { strokeDasharray: dash }),
    });
  });
  const mixture = plot.line(cutCurve(whole), { stroke: "var(--muted)", strokeWidth: 4.5, strokeOpacity: 0.4 });
  return [mixture, ...each, badgesApart(peaks(scene, feature, most))];
}

/** Where the curves of the groups are highest. in: most, the top of the axis */
function peaks({ groups }: Scene, feature: number, most: number): Badge[] {
  return groups.heaviest.slice(0, MOST_MARKED).map((group) => {
    const x = groups.mean(group, feature);
    return { x, y: Math.min(groupDensity(groups, group, feature)(x), most), group };
  });
}

/** Between which means the groups lie. */
function span({ groups }: Scene, feature: number): string {
  const ascending = [...groups.heaviest].sort((a, b) => groups.mean(a, feature) - groups.mean(b, feature));
  const at = (group: number) => around(groups.mean(group, feature), groups.deviation(group, feature));
  const [low, high] = [ascending[0], ascending[groups.count - 1]];
  if (groups.count === 1) return `The mean is ${at(low)}.`;
  return `Means from ${at(low)} in group ${low} to ${at(high)} in group ${high}.`;
}

function highest(curve: Curve): number {
  return greatest(curve.map(([, y]) => y));
}

function highestBar(bars: readonly Bar[]): number {
  return greatest(bars.map(({ density }) => density));
}

function describe({ groups, names }: Scene, feature: number, shown: readonly number[]): string {
  const some = groups.heaviest.slice(0, 6).map((group) => {
    return `${around(groups.mean(group, feature), groups.deviation(group, feature))} in group ${group}`;
  });
  const range = shown.length === 0 ? "" : `, from ${quantity(least(shown))} to ${quantity(greatest(shown))}`;
  return (
    `A histogram of ${countOf(shown.length, "value")} of ${names[feature]}${range}, with the density of the mixture. ` +
    `Means: ${listNames(some)}${groups.count > 6 ? ` and of ${count(groups.count - 6)} smaller groups` : ""}.`
  );
}
