import { greatest } from "@emix/core";
import { checkReport } from "../check.ts";
import { type Scene, sceneOf, titleOf } from "../figures/scene.ts";
import { groupDensity } from "../mixture/density.ts";
import type { ReportData } from "../report-data.ts";
import { plainText, shorten } from "../words/names.ts";
import { count, countOf, meanAndDeviation, percent, quantity } from "../words/numbers.ts";
import { sentencesOf } from "../words/sentences.ts";
import { bar, sparkline } from "./sparkline.ts";
import { wrap } from "./wrap.ts";

const MOST_GROUPS = 12;
const MOST_FEATURES = 6;
const MOST_WARNINGS = 8;
const LEAST_WIDTH = 40;

/**
 * A report for a terminal: what was found, the weights as bars, and each feature with the shape of every group.
 * in: width, of the terminal in letters. Default 80; at least 40
 * @throws INVALID_OPTION where parts of the data disagree
 */
export function summaryText(report: ReportData, { width = 80 }: { readonly width?: number } = {}): string {
  checkReport(report);
  const scene = sceneOf(report);
  const letters = Math.max(LEAST_WIDTH, Math.floor(width));
  const parts = [
    [shorten(plainText(report.title), letters), ...sentencesOf(scene).flatMap((sentence) => wrap(sentence, letters))],
    weightLines(scene, letters),
    ...featureBlocks(scene, letters),
    fitSentences(report).flatMap((sentence) => wrap(sentence, letters)),
    report.warnings.slice(0, MOST_WARNINGS).flatMap((warning) => wrap(`warning: ${plainText(warning)}`, letters)),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.replace(/[\u00a0\u202f]/g, " ").trimEnd()).join("\n"))
    .join("\n\n")}\n`;
}

function shownGroups({ groups }: Scene): readonly number[] {
  return groups.heaviest.slice(0, MOST_GROUPS);
}

function weightLines(scene: Scene, width: number): string[] {
  const { groups } = scene;
  const shown = shownGroups(scene);
  const texts = shown.map((group) => percent(groups.weights[group]));
  const labels = shown.map((group) => `group ${group}`);
  const [labelWidth, textWidth] = [labels, texts].map((all) => greatest(all.map((text) => text.length)));
  const letters = Math.min(48, width - labelWidth - textWidth - 4);
  const most = groups.weights[groups.heaviest[0]];
  const lines = shown.map((group, i) => {
    const start = `${labels[i].padStart(labelWidth)}  ${texts[i].padStart(textWidth)}  `;
    return start + bar(groups.weights[group] / most, letters);
  });
  const rest = groups.count - shown.length;
  return rest === 0 ? lines : [...lines, `and ${count(rest)} smaller groups`];
}

function featureBlocks(scene: Scene, width: number): string[][] {
  const shown = scene.order.slice(0, MOST_FEATURES);
  const rest = scene.order.length - shown.length;
  const more = rest === 0 ? [] : [wrap(`and ${countOf(rest, "column")} in which the groups differ less`, width)];
  return [...shown.map((feature) => featureBlock(scene, feature, width)), ...more];
}

/** A feature: its range, then mean ± standard deviation and shape of each group. */
function featureBlock(scene: Scene, feature: number, width: number): string[] {
  const { groups } = scene;
  const { low, high } = scene.frame(feature);
  const shown = shownGroups(scene);
  const means = shown.map((group) => meanAndDeviation(groups.mean(group, feature), groups.deviation(group, feature)));
  const labels = shown.map((group) => `group ${group}`);
  const [labelWidth, meanWidth] = [labels, means].map((all) => greatest(all.map((text) => text.length)));
  const letters = Math.max(8, Math.min(48, width - labelWidth - meanWidth - 4));
  const range = `${quantity(Number(low.toPrecision(3)))} to ${quantity(Number(high.toPrecision(3)))}`;
  const title = shorten(titleOf(scene, feature), width - range.length - 13);
  return [
    `${title}, shown from ${range}`,
    ...shown.map((group, i) => {
      return `${labels[i].padStart(labelWidth)}  ${means[i].padStart(meanWidth)}  ${shape(scene, group, feature, letters)}`;
    }),
  ];
}

/** The density of one group over the frame of a feature; a letter shows the highest density in its reach. */
function shape({ groups, frame }: Scene, group: number, feature: number, letters: number): string {
  const { low, high } = frame(feature);
  const density = groupDensity(groups, group, feature);
  const width = (high - low) / letters;
  const mean = groups.mean(group, feature);
  const heights = Array.from({ length: letters }, (_, i) => {
    const start = low + i * width;
    return density(Math.min(start + width, Math.max(start, mean)));
  });
  return sparkline(heights);
}

function fitSentences({ fit, traces }: ReportData): string[] {
  if (fit === null) return [];
  const ending = fit.converged ? "converged" : "stopped at its limit";
  const starts = traces.length === 1 ? "" : `; the best of ${count(traces.length)} starts`;
  const bic = fit.bic === null ? "" : `; BIC ${quantity(fit.bic)}`;
  const iterations = countOf(fit.iterations, "iteration");
  return [`The fit ${ending} after ${iterations}${starts}; lower bound ${quantity(fit.lowerBound)}${bic}.`];
}
