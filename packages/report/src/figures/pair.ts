import { pairDensity } from "../mixture/density.ts";
import { isInside } from "../mixture/frame.ts";
import { regionLevels } from "../mixture/regions.ts";
import { type Html, html } from "../page/html.ts";
import { listNames } from "../words/names.ts";
import { around, count, countOf, percent, toFixed } from "../words/numbers.ts";
import { badges } from "./badges.ts";
import { type Dot, dots } from "./dots.ts";
import type { Drawing, Mark } from "./drawing.ts";
import { ellipses } from "./ellipses.ts";
import type { Figure } from "./figure.ts";
import { type Axes, panel, placeOf, type Size } from "./panel.ts";
import { MOST_SMALL_ROWS, mostRows, picturedFeatures, rowsDrawn, rowsInside, type Scene, titleOf } from "./scene.ts";

/** Shares of the mixture that the contours hold. */
const CONTOURS: readonly number[] = [0.1, 0.3, 0.5, 0.7, 0.9];
/** Groups that get ellipses and numbers, heaviest first. */
export const MOST_MARKED = 30;
/** Rows from which on dots are smaller and paler. */
export const CROWD = 1000;
const MOST_DESCRIBED = 6;
const MOST_CORRELATED = 4;

/** Two features, across and up. */
export interface Pair {
  readonly a: number;
  readonly b: number;
}

/** Pairs of the pictured features; those that separate most come first. */
export function pairsOf(scene: Scene): Pair[] {
  const features = picturedFeatures(scene);
  const pairs = features.flatMap((b, i) =>
    features.slice(0, i).map((a) => ({ a, b, rank: i * i + features.indexOf(a) })),
  );
  return pairs.sort((one, other) => one.rank - other.rank);
}

/** Points, density and groups in the plane of two features. */
export function pairFigure(drawing: Drawing, scene: Scene, pair: Pair): Figure {
  const inside = rowsInside(scene, [pair.a, pair.b]);
  const axes = axesOf(scene, pair);
  return {
    id: `pair-${pair.a}-${pair.b}`,
    title: `${scene.names[pair.b]} against ${scene.names[pair.a]}: rows, density and groups`,
    description: describe(scene, pair, inside.length),
    caption: caption(scene, pair, inside.length),
    draw: (size) => pairDrawing(drawing, scene, pair, size),
    place: (size) => `data-x="${pair.a}" data-y="${pair.b}" data-most="${mostRows(size.width)}" ${placeOf(size, axes)}`,
  };
}

export function pairDrawing(drawing: Drawing, scene: Scene, pair: Pair, size: Size): string {
  const axes = axesOf(scene, pair);
  return panel(drawing, size, axes, [
    contours(drawing, scene, pair, axes),
    dots(pairDots(scene, pair, size.width), scene.sampled > CROWD ? 0.4 : 0.55),
    ...groupMarks(scene, pair),
  ]);
}

/** Ellipses and numbers of the heaviest groups. */
export function groupMarks({ groups, frame }: Scene, { a, b }: Pair): Mark[] {
  const shown = groups.heaviest.slice(0, MOST_MARKED);
  const places = shown
    .map((group) => ({ x: groups.mean(group, a), y: groups.mean(group, b), group }))
    .filter(({ x, y }) => isInside(frame(a), x) && isInside(frame(b), y));
  return [ellipses(groups, shown, a, b), badges(places.reverse())];
}

export function axesOf(scene: Scene, { a, b }: Pair): Axes {
  return { x: scene.frame(a), y: scene.frame(b), xLabel: titleOf(scene, a), yLabel: titleOf(scene, b) };
}

function pairDots(scene: Scene, { a, b }: Pair, width: number): Dot[] {
  const { labels } = scene.report.sample;
  const size = scene.sampled > CROWD || width < 600 ? 3.4 : 5;
  return rowsDrawn(scene, [a, b], width).map((row) => ({
    x: scene.value(row, a),
    y: scene.value(row, b),
    group: labels[row],
    size,
  }));
}

function contours({ plot }: Drawing, scene: Scene, { a, b }: Pair, { x, y }: Axes): Mark {
  const density = pairDensity(scene.groups, a, b);
  const thresholds = regionLevels(density, x, y, CONTOURS).filter((level, i, all) => level > 0 && level !== all[i - 1]);
  if (thresholds.length === 0) return null;
  return plot.contour({
    ...{ x1: x.low, x2: x.high, y1: y.low, y2: y.high },
    value: density,
    thresholds,
    pixelSize: 3,
    fill: "var(--density)",
    fillOpacity: 0.09,
    stroke: "var(--density)",
    strokeOpacity: 0.35,
    strokeWidth: 0.7,
  } as Parameters<typeof plot.contour>[0]);
}

function describe(scene: Scene, { a, b }: Pair, shown: number): string {
  const { groups, names } = scene;
  const some = groups.heaviest.slice(0, MOST_DESCRIBED);
  const centres = some.map((group) => {
    const at = (j: number) => around(groups.mean(group, j), groups.deviation(group, j));
    return `group ${group} at ${names[a]} ${at(a)} and ${names[b]} ${at(b)} (${percent(groups.weights[group])} of the rows)`;
  });
  const more =
    groups.count > some.length ? ` ${count(groups.count - some.length)} smaller groups are not listed here.` : "";
  return `A scatter plot of ${countOf(shown, "row")}. Centres of the groups: ${listNames(centres)}.${more}`;
}

function caption(scene: Scene, pair: Pair, shown: number): Html {
  const { names } = scene;
  return html`<strong>${names[pair.b]}</strong> against <strong>${names[pair.a]}</strong>.
${correlations(scene, pair)}${outsideNote(scene, shown)}`;
}

/** How the two features go together in the heaviest groups. */
function correlations({ groups }: Scene, { a, b }: Pair): string {
  const some = groups.heaviest.slice(0, MOST_CORRELATED).map((group, i) => {
    const value = groups.covariance(group, a, b) / (groups.deviation(group, a) * groups.deviation(group, b));
    return `${toFixed(value || 0, 2)} in ${i === 0 ? "group " : ""}${group}`.replaceAll(" ", "\u00a0");
  });
  return `Correlation: ${some.join(", ")}${groups.count > some.length ? " …" : "."}`;
}

/** A sentence about rows of the sample that lie outside a picture, "" if none does. */
export function outsideNote(scene: Scene, shown: number): string {
  const outside = scene.sampled - shown;
  if (outside === 0) return "";
  return ` ${countOf(outside, "row")} of ${count(scene.sampled)} ${outside === 1 ? "lies" : "lie"} outside the picture.`;
}

/** What the marks of a pair plot mean. */
export function pairKey(scene: Scene): Html {
  const { sampled, rows, groups } = scene;
  const which = sampled === rows ? "a row" : `one of ${count(sampled)} rows drawn at random`;
  const dots = sampled === 0 ? "" : `Each dot is ${which}, in the colour of its most probable group. `;
  const limited = groups.count > MOST_MARKED ? ` The ${MOST_MARKED} heaviest groups have ellipses.` : "";
  const thinned = sampled > MOST_SMALL_ROWS ? ` Small pictures show ${count(MOST_SMALL_ROWS)} of the rows.` : "";
  return html`${dots}The number of a group stands at its mean;
its inner ellipse holds 50&nbsp;% of the group and the outer one 95&nbsp;%. Shaded contours hold
${listNames(CONTOURS.map((share) => String(100 * share)))}&nbsp;% of the whole mixture.${limited}${thinned}`;
}
