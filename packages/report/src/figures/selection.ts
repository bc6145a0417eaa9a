import { greatest, least } from "@emix/core";
import { html } from "../page/html.ts";
import type { ReportChoice } from "../report-data.ts";
import { plainText } from "../words/names.ts";
import { quantity } from "../words/numbers.ts";
import type { Drawing } from "./drawing.ts";
import type { Figure } from "./figure.ts";
import { type Axes, panel, type Size } from "./panel.ts";
import type { Scene } from "./scene.ts";

type Criterion = "bic" | "icl";

/** A compared model that has a value. */
interface Choice {
  readonly components: number;
  readonly covarianceType: string;
  readonly value: number;
}

const LINE = [
  "var(--group-0)",
  "var(--group-1)",
  "var(--group-2)",
  "var(--group-3)",
  "var(--group-4)",
  "var(--group-5)",
];
const SYMBOLS = ["circle", "square", "triangle", "diamond", "star", "cross"] as const;

/** A criterion by number of groups, a line for each covariance type; null where no model has a value. */
export function selectionFigure(drawing: Drawing, scene: Scene, criterion: Criterion): Figure | null {
  const choices = choicesOf(scene.report.selection ?? [], criterion);
  if (choices.length === 0) return null;
  const name = criterion.toUpperCase();
  const best = lowest(choices);
  return {
    id: `selection-${criterion}`,
    title: `${name} by number of groups and covariance type`,
    description:
      `A line for each covariance type. The lowest ${name}, ${quantity(best.value)}, is that of ` +
      `${best.components} groups with ${best.covarianceType} covariances. All numbers are in the table that follows.`,
    caption: html`<strong>${name}</strong>, lower is better. The ring marks the lowest:
${best.components} groups with ${best.covarianceType} covariances.`,
    draw: (size) => selectionDrawing(drawing, choices, name, size),
  };
}

export function choicesOf(selection: readonly ReportChoice[], criterion: Criterion): Choice[] {
  return selection.flatMap((choice) => {
    const value = choice[criterion];
    if (value === null || !Number.isFinite(value)) return [];
    return [{ components: choice.components, covarianceType: plainText(choice.covarianceType), value }];
  });
}

export function lowest<T extends { readonly value: number }>(choices: readonly T[]): T {
  return choices.reduce((best, choice) => (choice.value < best.value ? choice : best));
}

function selectionDrawing(drawing: Drawing, choices: readonly Choice[], name: string, size: Size): string {
  const { plot } = drawing;
  const types = [...new Set(choices.map(({ covarianceType }) => covarianceType))];
  const sorted = [...choices].sort((a, b) => a.components - b.components);
  const colour = ({ covarianceType }: Choice) => LINE[types.indexOf(covarianceType) % LINE.length];
  const at = { x: "components", y: "value" } as const;
  return panel(drawing, size, selectionAxes(choices, name), [
    ...types.flatMap((type, i) => {
      const some = sorted.filter(({ covarianceType }) => covarianceType === type);
      const symbol = SYMBOLS[i % SYMBOLS.length];
      const title = (one: Choice) => `${type}, ${one.components} groups: ${name} ${quantity(one.value)}`;
      return [
        plot.line(some, { ...at, stroke: colour(some[0]), strokeWidth: 1.4 }),
        plot.dot(some, { ...at, fill: colour(some[0]), symbol, r: 3.2, title }),
      ];
    }),
    plot.dot([lowest(choices)], { ...at, r: 8, stroke: "var(--ink)", strokeWidth: 1.5 }),
  ]);
}

function selectionAxes(choices: readonly Choice[], name: string): Axes {
  const ks = choices.map(({ components }) => components);
  const values = choices.map(({ value }) => value);
  const [low, high] = [least(values), greatest(values)];
  const room = 0.08 * (high - low) || Math.abs(high) * 0.01 || 1;
  return {
    x: { low: least(ks) - 0.3, high: greatest(ks) + 0.3 },
    y: { low: low - room, high: high + room },
    xLabel: "number of groups",
    yLabel: name,
  };
}

const SYMBOL_PATHS = {
  circle: "M3.2 0A3.2 3.2 0 1 1 -3.2 0A3.2 3.2 0 1 1 3.2 0Z",
  square: "M-3 -3H3V3H-3Z",
  triangle: "M0 -4L3.6 2.6H-3.6Z",
  diamond: "M0 -4.4L2.8 0L0 4.4L-2.8 0Z",
  star: "M0 -4.6L1.2 -1.4L4.4 -1.4L1.8 .6L2.8 3.8L0 1.9L-2.8 3.8L-1.8 .6L-4.4 -1.4L-1.2 -1.4Z",
  cross: "M-1.2 -3.6H1.2V-1.2H3.6V1.2H1.2V3.6H-1.2V1.2H-3.6V-1.2H-1.2Z",
} as const;

/** Which colour and symbol is which covariance type. */
export function legendOf(choices: readonly Choice[]): { type: string; colour: string; path: string }[] {
  const types = [...new Set(choices.map(({ covarianceType }) => covarianceType))];
  return types.map((type, i) => ({
    type,
    colour: LINE[i % LINE.length],
    path: SYMBOL_PATHS[SYMBOLS[i % SYMBOLS.length]],
  }));
}
