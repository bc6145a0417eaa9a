import { groupDensity, marginalDensity } from "../mixture/density.ts";
import { type Frame, isInside } from "../mixture/frame.ts";
import { html } from "../page/html.ts";
import { listed } from "../words/names.ts";
import { around, count, counted, quantity } from "../words/numbers.ts";
import type { Drawing, Mark } from "./drawing.ts";
import type { Figure } from "./figure.ts";
import { groupColour, groupDash } from "./group-colour.ts";
import { MOST_MARKED, outsideNote } from "./pair.ts";
import { type Axes, panel, type Size } from "./panel.ts";
import { type Scene, titleOf } from "./scene.ts";

const STEPS = 160;

interface Bar {
  readonly low: number;
  readonly high: number;
  readonly rows: number;
  /** share of the sample by unit of the feature */
  readonly density: number;
}

/** A histogram of one feature with the density of the mixture and of each group. */
export function marginalFigure(drawing: Drawing, scene: Scene, feature: number): Figure {
  const shown = scene.column(feature).filter((value) => isInside(scene.frame(feature), value));
  return {
    id: `column-${feature}`,
    title: `Distribution of ${scene.names[feature]}`,
    description: describe(scene, feature, shown),
    caption: html`<strong>${scene.names[feature]}</strong>.${outsideNote(scene, shown.length)}`,
    draw: (size) => marginalDrawing(drawing, scene, feature, size),
  };
}

export function marginalDrawing(drawing: Drawing, scene: Scene, feature: number, size: Size): string {
  const frame = scene.frame(feature);
  const bars = histogram(scene.column(feature), frame, size.width > 600 ? 48 : 28);
  const curve = curveOf(marginalDensity(scene.groups, feature), frame);
  const top = Math.max(...bars.map(({ density }) => density), Math.min(highest(curve), 4 * highestBar(bars)));
  const axes: Axes = {
    x: frame,
    y: { low: 0, high: 1.05 * top || 1 },
    xLabel: titleOf(scene, feature),
    yLabel: "density",
  };
  return panel(drawing, size, axes, [barMarks(drawing, bars), ...curves(drawing, scene, feature, curve, axes.y.high)]);
}

export function histogram(values: readonly number[], { low, high }: Frame, most: number): Bar[] {
  const bins = Math.max(8, Math.min(most, Math.ceil(2 * Math.cbrt(values.length))));
  const width = (high - low) / bins;
  const rows = new Array<number>(bins).fill(0);
  for (const value of values) {
    if (value >= low && value <= high) rows[Math.min(bins - 1, Math.floor((value - low) / width))]++;
  }
  return rows.map((some, i) => ({
    low: low + i * width,
    high: low + (i + 1) * width,
    rows: some,
    density: some / values.length / width || 0,
  }));
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
      title: ({ low, high, rows }: Bar) => `${quantity(low)} to ${quantity(high)}: ${counted(rows, "row")}`,
    },
  );
}

type Curve = readonly (readonly [number, number])[];

function curveOf(density: (x: number) => number, { low, high }: Frame): Curve {
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const x = low + (i / STEPS) * (high - low);
    return [x, density(x)] as const;
  });
}

/** in: most, the top of the axis, where curves are cut */
function curves({ plot }: Drawing, scene: Scene, feature: number, whole: Curve, most: number): Mark[] {
  const { groups } = scene;
  const cut = (curve: Curve) => curve.map(([x, y]) => [x, Math.min(y, most)]);
  const each = groups.heaviest.slice(0, MOST_MARKED).map((group) => {
    const dash = groupDash(group);
    return plot.line(cut(curveOf(groupDensity(groups, group, feature), scene.frame(feature))), {
      stroke: groupColour(group),
      strokeWidth: 1.6,
      ...(dash !== "" && { strokeDasharray: dash }),
    });
  });
  return [...each, plot.line(cut(whole), { stroke: "var(--ink)", strokeWidth: 1.3 })];
}

function highest(curve: Curve): number {
  return Math.max(...curve.map(([, y]) => y));
}

function highestBar(bars: readonly Bar[]): number {
  return Math.max(...bars.map(({ density }) => density));
}

function describe({ groups, names }: Scene, feature: number, shown: readonly number[]): string {
  const some = groups.heaviest.slice(0, 6).map((group) => {
    return `${around(groups.mean(group, feature), groups.deviation(group, feature))} in group ${group}`;
  });
  const range = shown.length === 0 ? "" : `, from ${quantity(Math.min(...shown))} to ${quantity(Math.max(...shown))}`;
  return (
    `A histogram of ${counted(shown.length, "value")} of ${names[feature]}${range}, with the density of the mixture. ` +
    `Means: ${listed(some)}${groups.count > 6 ? ` and of ${count(groups.count - 6)} smaller groups` : ""}.`
  );
}
