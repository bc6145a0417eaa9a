import { greatest } from "@emix/core";
import { html } from "../page/html.ts";
import { listNames } from "../words/names.ts";
import { count, percent } from "../words/numbers.ts";
import { badges } from "./badges.ts";
import type { Drawing } from "./drawing.ts";
import type { Figure } from "./figure.ts";
import { groupColour } from "./group-colour.ts";
import type { Scene } from "./scene.ts";

const MOST_BARS = 40;
const ROW = 26;

/** Shares of the groups as bars. */
export function weightsFigure(drawing: Drawing, scene: Scene): Figure {
  const { groups } = scene;
  const shown = groups.heaviest.slice(0, MOST_BARS);
  const height = ROW * shown.length + 10;
  const texts = shown.map((group) => `group ${group} ${percent(groups.weights[group])}`);
  const rest = groups.count - shown.length;
  const more = rest === 0 ? "" : ` ${count(rest)} smaller groups are left out.`;
  return {
    id: "weights",
    title: "Weights of the groups",
    description: `A bar for each group, heaviest first: ${listNames(texts)}.${more}`,
    caption: html`Weights: the share of the rows that each group accounts for.${more}`,
    sizes: { wide: { width: 1040, height }, narrow: { width: 356, height } },
    draw: ({ width }) => bars(drawing, scene, shown, { width, height }),
  };
}

function bars(
  { plot, svg }: Drawing,
  { groups }: Scene,
  shown: readonly number[],
  size: { width: number; height: number },
) {
  const data = shown.map((group, row) => ({ group, row, weight: groups.weights[group] }));
  const most = greatest(data.map(({ weight }) => weight));
  return svg({
    ...size,
    marginLeft: 40,
    marginRight: 64,
    marginTop: 5,
    marginBottom: 5,
    x: { domain: [0, most], axis: null },
    y: { domain: [-0.5, shown.length - 0.5], reverse: true, axis: null, type: "linear" },
    marks: [
      plot.rect(data, {
        x1: 0,
        x2: "weight",
        y1: ({ row }) => row - 0.24,
        y2: ({ row }) => row + 0.24,
        fill: ({ group }) => groupColour(group),
        rx: 2,
      }),
      plot.text(data, {
        x: "weight",
        y: "row",
        text: ({ weight }) => percent(weight),
        textAnchor: "start",
        dx: 8,
        fill: "var(--ink)",
        fontSize: 12,
      }),
      plot.ruleX([0], { stroke: "var(--rule)" }),
      badges(data.map(({ group, row }) => ({ x: (-22 / (size.width - 104)) * most, y: row, group }))),
    ],
  });
}
