import type { Drawing } from "../figures/drawing.ts";
import { type Figure, smallFigure, wideFigure } from "../figures/figure.ts";
import { marginalFigure } from "../figures/marginal.ts";
import { pairFigure, pairKey, pairsOf } from "../figures/pair.ts";
import { picturedFeatures, type Scene } from "../figures/scene.ts";
import { choicesOf, legendOf, selectionFigure } from "../figures/selection.ts";
import { tracesFigure } from "../figures/traces.ts";
import { uncertaintyFigure } from "../figures/uncertainty.ts";
import { weightsFigure } from "../figures/weights.ts";
import { plainText } from "../words/names.ts";
import { count, countOf, quantity, seconds } from "../words/numbers.ts";
import { certainty, sentencesOf } from "../words/sentences.ts";
import { type Html, html } from "./html.ts";
import { facts, groupsTable, outliersTable, selectionTable } from "./tables.ts";

const MOST_MARGINALS = 12;

/** A part of the page under a heading; empty ones are left out. */
export interface Section {
  readonly id: string;
  readonly heading: string;
  readonly content: Html | null;
}

/** in the order of the page */
export function sections(drawing: Drawing, scene: Scene): Section[] {
  const all: Section[] = [
    { id: "found", heading: "What was found", content: foundPart(drawing, scene) },
    { id: "warnings", heading: "Warnings", content: warningsPart(scene) },
    { id: "groups", heading: "The groups", content: groupsPart(drawing, scene) },
    { id: "pairs", heading: "Pairs of columns", content: pairsPart(drawing, scene) },
    { id: "columns", heading: "One column at a time", content: columnsPart(drawing, scene) },
    { id: "certainty", heading: "How sure the grouping is", content: certaintyPart(drawing, scene) },
    { id: "outliers", heading: "Unusual rows", content: outliersPart(scene) },
    { id: "selection", heading: "How many groups", content: selectionPart(drawing, scene) },
    { id: "fit", heading: "How the fit went", content: fitPart(drawing, scene) },
    { id: "reading", heading: "How the data were read", content: readingPart(scene) },
    { id: "provenance", heading: "Where this comes from", content: provenancePart(scene) },
  ];
  return all.filter(({ content }) => content !== null);
}

function foundPart(drawing: Drawing, scene: Scene): Html {
  const [pair] = pairsOf(scene);
  const figure = pair === undefined ? marginalFigure(drawing, scene, 0) : pairFigure(drawing, scene, pair);
  const key = pair === undefined ? marginalKey(scene) : pairKey(scene);
  const lead: Figure = { ...figure, id: `found-${figure.id}`, caption: html`${figure.caption} ${key}` };
  return html`<div class="lead">${sentencesOf(scene).map((sentence) => html`<p>${sentence}</p>`)}</div>
${wideFigure(lead)}`;
}

function warningsPart({ report }: Scene): Html | null {
  if (report.warnings.length === 0) return null;
  return html`<div class="notice"><ul>${report.warnings.map((warning) => html`<li>${plainText(warning)}</li>`)}</ul></div>`;
}

function groupsPart(drawing: Drawing, scene: Scene): Html {
  return html`<p>A group is a component of the mixture: a normal distribution with a weight, a mean and a covariance.</p>
${groupsTable(scene)}
${wideFigure(weightsFigure(drawing, scene))}`;
}

function pairsPart(drawing: Drawing, scene: Scene): Html | null {
  const pairs = pairsOf(scene).slice(1);
  if (pairs.length === 0) return null;
  const features = picturedFeatures(scene).length;
  const left =
    features === scene.order.length
      ? ""
      : ` There are ${count(scene.order.length)} columns; these are the pairs of the ${features} in which the groups differ most.`;
  return html`<p>The other pairs, drawn like the picture above: pairs in which the groups differ most come first.${left}</p>
<div class="grid">
${pairs.map((pair) => smallFigure(pairFigure(drawing, scene, pair)))}
</div>`;
}

function columnsPart(drawing: Drawing, scene: Scene): Html | null {
  if (scene.order.length === 1) return null;
  const features = scene.order.slice(0, MOST_MARGINALS);
  const left =
    features.length === scene.order.length
      ? ""
      : ` Of ${count(scene.order.length)} columns, ${features.length} are shown.`;
  return html`<p>${marginalKey(scene)} Columns in which the groups differ most come first.${left}</p>
<div class="grid">
${features.map((feature) => smallFigure(marginalFigure(drawing, scene, feature)))}
</div>`;
}

function marginalKey({ sampled }: Scene): Html {
  return html`${sampled === 0 ? "Coloured" : "Bars are the rows, coloured"} lines are the groups, and the broad grey line is the whole mixture.`;
}

function certaintyPart(drawing: Drawing, scene: Scene): Html | null {
  if (scene.groups.count === 1 || scene.sampled === 0) return null;
  return html`<p>${certainty(Array.from(scene.report.sample.maxResponsibilities))}</p>
${wideFigure(uncertaintyFigure(drawing, scene, pairsOf(scene)[0] ?? null))}`;
}

function outliersPart(scene: Scene): Html | null {
  return scene.report.outliers.length === 0 ? null : outliersTable(scene);
}

function selectionPart(drawing: Drawing, scene: Scene): Html | null {
  const { selection } = scene.report;
  if (selection === undefined || selection.length === 0) return null;
  const figures = (["bic", "icl"] as const).flatMap((criterion) => selectionFigure(drawing, scene, criterion) ?? []);
  const { mixture } = scene.report;
  return html`<p>${countOf(selection.length, "model")} were fitted. BIC weighs how well a model fits against its size;
ICL also asks that groups do not overlap. This page is about the model with ${countOf(scene.groups.count, "group")}
and ${plainText(mixture.covarianceType)} covariances.</p>
${legend(scene)}
<div class="grid">
${figures.map(smallFigure)}
</div>
${selectionTable(selection)}`;
}

function legend({ report }: Scene): Html {
  const rows = legendOf(choicesOf(report.selection ?? [], "bic"));
  return html`<ul class="legend">${rows.map(
    ({
      type,
      colour,
      path,
    }) => html`<li><svg viewBox="0 0 28 12" aria-hidden="true"><path d="M0 6H28" stroke="${colour}" stroke-width="1.6"/><path
d="${path}" transform="translate(14 6)" fill="${colour}"/></svg>${type}</li>`,
  )}</ul>`;
}

function fitPart(drawing: Drawing, scene: Scene): Html | null {
  const { fit, warnings, mixture, traces } = scene.report;
  if (fit === null) return null;
  const criteria = (["bic", "aic", "icl"] as const).flatMap((name) => {
    const value = fit[name];
    return value === null ? [] : ([[name.toUpperCase(), quantity(value)]] as const);
  });
  const ending = fit.converged ? "converged" : "stopped at its limit";
  return html`<p>The fit ${ending} after ${countOf(fit.iterations, "iteration")}${fit.seconds === null ? "" : `, in ${seconds(fit.seconds)}`}${traces.length > 1 ? `; the best of ${count(traces.length)} starts was kept` : ""}.
${warnings.length === 0 ? "There were no warnings." : ""}</p>
${wideFigure(tracesFigure(drawing, scene))}
${facts([
  ["Covariances", mixture.covarianceType],
  ["Lower bound", quantity(fit.lowerBound)],
  ...criteria,
  ...Object.entries(fit.options).map(([name, value]) => [name, String(value)] as const),
])}`;
}

function readingPart({ report }: Scene): Html | null {
  if (report.reading.length === 0) return null;
  return html`<ul class="reading">${report.reading.map((line) => html`<li>${plainText(line)}</li>`)}</ul>`;
}

function provenancePart({ report }: Scene): Html | null {
  const entries = Object.entries(report.provenance);
  return entries.length === 0 ? null : facts(entries);
}
