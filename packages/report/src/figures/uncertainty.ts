import { greatest, least } from "@emix/core";
import { html } from "../page/html.ts";
import { count, countOf, exact, quantity } from "../words/numbers.ts";
import { certainty } from "../words/sentences.ts";
import { badges } from "./badges.ts";
import { type Dot, dots } from "./dots.ts";
import type { Drawing } from "./drawing.ts";
import type { Figure } from "./figure.ts";
import { axesOf, CROWD, groupMarks, MOST_MARKED, outsideNote, type Pair } from "./pair.ts";
import { type Axes, panel, placeOf, type Size } from "./panel.ts";
import { mostRows, rowsDrawn, rowsInside, type Scene, titleOf } from "./scene.ts";

/** Diameters in pixels of rows that are sure and of rows that could not be less so. */
const LEAST = 2.4;
const MOST = 18;
const MOST_IN_CROWD = 10;
const SIZES = 10;

/** Rows sized by how unsure their group is: 1 − max responsibility. */
export function uncertaintyFigure(drawing: Drawing, scene: Scene, pair: Pair | null): Figure {
  const axes = pair === null ? lineAxes(scene) : axesOf(scene, pair);
  const shown = rowsInside(scene, pair === null ? [0] : [pair.a, pair.b]).length;
  return {
    id: "uncertainty",
    title: "How unsure the group of each row is",
    description: describe(scene),
    caption: html`${pair === null ? "Height" : "The size of a dot"} is 1&nbsp;− the probability of the row’s group:
${pair === null ? "high dots" : "large dots"} lie between groups.${outsideNote(scene, shown)}`,
    draw: (size) => (pair === null ? lineDrawing(drawing, scene, size) : planeDrawing(drawing, scene, pair, size)),
    place: (size) => {
      const most = mostRows(size.width);
      return `data-x="${pair?.a ?? 0}" data-y="${pair?.b ?? "unsure"}" data-most="${most}" ${placeOf(size, axes)}`;
    },
  };
}

function planeDrawing(drawing: Drawing, scene: Scene, pair: Pair, size: Size): string {
  const crowd = scene.sampled > CROWD;
  const points = rowsDrawn(scene, [pair.a, pair.b], size.width).map((row) => ({
    x: scene.value(row, pair.a),
    y: scene.value(row, pair.b),
    group: scene.report.sample.labels[row],
    size: diameter(unsure(scene, row), crowd ? MOST_IN_CROWD : MOST),
  }));
  points.sort((a, b) => a.size - b.size);
  return panel(drawing, size, axesOf(scene, pair), [dots(points, crowd ? 0.45 : 0.62), ...groupMarks(scene, pair)]);
}

/** Of points with one feature: unsureness upwards. */
function lineDrawing(drawing: Drawing, scene: Scene, size: Size): string {
  const { groups, report } = scene;
  const points: Dot[] = rowsDrawn(scene, [0], size.width).map((row) => ({
    x: scene.value(row, 0),
    y: unsure(scene, row),
    group: report.sample.labels[row],
    size: 4,
  }));
  const shown = groups.heaviest.slice(0, MOST_MARKED);
  const places = shown.map((group) => ({ x: groups.mean(group, 0), y: 0, group }));
  return panel(drawing, size, lineAxes(scene), [dots(points, 0.6), badges(places)]);
}

function lineAxes(scene: Scene): Axes {
  const most = Math.max(0.05, greatest(Array.from({ length: scene.sampled }, (_, row) => unsure(scene, row))));
  const y = { low: -0.1 * most, high: 1.1 * most };
  return { x: scene.frame(0), y, xLabel: titleOf(scene, 0), yLabel: "1 − probability of the row’s group" };
}

function unsure({ report }: Scene, row: number): number {
  return 1 - report.sample.maxResponsibilities[row];
}

/** One of a few sizes, so that many dots share a path. in: most, the size where no group is likely */
function diameter(share: number, most: number): number {
  const step = Math.round(SIZES * Math.sqrt(Math.min(1, Math.max(0, share))));
  return Number((LEAST + ((most - LEAST) * step) / SIZES).toFixed(1));
}

function describe(scene: Scene): string {
  const { maxResponsibilities, rows } = scene.report.sample;
  const all = Array.from(maxResponsibilities);
  if (all.length === 0) return "There are no rows to show.";
  const lowest = all.indexOf(least(all));
  const name = rows === undefined ? "The least sure row" : `The least sure row, row ${exact(rows[lowest])},`;
  const place = `${name} has a probability of ${quantity(all[lowest])} for its group.`;
  return `A scatter plot of ${countOf(scene.sampled, "row")} of ${count(scene.rows)}. ${certainty(all)} ${place}`;
}
