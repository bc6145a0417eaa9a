import { least } from "@emix/core";
import { COLOURS } from "../figures/group-colour.ts";
import type { Scene } from "../figures/scene.ts";
import { choicesOf, lowest } from "../figures/selection.ts";
import type { ReportData } from "../report-data.ts";
import { plainText, shorten } from "../words/names.ts";
import { count, decimalsFor, exact, measure, percent, toFixed, withMinus } from "../words/numbers.ts";
import { type Html, html } from "./html.ts";

/** What a table shows at most; the page stays small, and says what is left out. */
const MOST_GROUPS = 60;
const MOST_FEATURES = 16;
const MOST_OUTLIERS = 25;
/** letters of a name at the head of a column */
const MOST_HEAD = 28;

/** A wide table scrolls in a box of its own, which the keyboard reaches. */
function table(name: string, caption: Html, head: Html, body: readonly Html[]): Html {
  return html`<div class="table" role="region" aria-label="Table: ${name}" tabindex="0"><table>
<caption><span>${caption}</span></caption>
<thead>${head}</thead>
<tbody>
${body}</tbody>
</table></div>`;
}

function groupNumber(group: number): Html {
  return html`<span class="number g${group % COLOURS}"><span>${group}</span></span>`;
}

/** Share, then mean ± standard deviation of each feature, heaviest group first. */
export function groupsTable(scene: Scene): Html {
  const { groups, order } = scene;
  const features = shownFeatures(scene);
  const shown = groups.heaviest.slice(0, MOST_GROUPS);
  const left = [
    shown.length < groups.count ? ` ${count(groups.count - shown.length)} smaller groups are left out.` : "",
    features.length < order.length ? ` ${featuresLeft(scene, features)}` : "",
  ];
  return table(
    "Groups",
    html`Mean ± standard deviation of each column in each group, heaviest first.
The number of a group is the label that <code>predict</code> writes.${left}`,
    html`<tr><th scope="col">Group</th><th scope="col">Share</th>${heads(scene, features)}</tr>`,
    shown.map((group) => {
      const cells = features.map((j) => measureCell(groups.mean(group, j), groups.deviation(group, j)));
      return html`<tr><th scope="row">${groupNumber(group)}</th><td>${percent(groups.weights[group])}</td>${cells}</tr>
`;
    }),
  );
}

function measureCell(mean: number, deviation: number): Html {
  const { mean: text, deviation: spread, power } = measure(mean, deviation);
  return html`<td>${power === "" ? text : `(${text}`} <span class="sd">± ${spread}${power === "" ? "" : `)${power}`}</span></td>`;
}

/** In the order of the columns; of many, those in which the groups differ most. */
function shownFeatures({ order }: Scene): number[] {
  return order.slice(0, MOST_FEATURES).sort((a, b) => a - b);
}

function featuresLeft({ order }: Scene, shown: readonly number[]): string {
  return `These are the ${shown.length} of ${count(order.length)} columns in which the groups differ most.`;
}

function heads({ names, units }: Scene, features: readonly number[]): Html[] {
  return features.map((j) => {
    const unit = units[j] === "" ? "" : html`<small>${units[j]}</small>`;
    return html`<th scope="col">${shorten(names[j], MOST_HEAD)}${unit}</th>`;
  });
}

/** Rows of lowest log density. */
export function outliersTable(scene: Scene): Html {
  const features = shownFeatures(scene);
  const { outliers } = scene.report;
  const rows = outliers.slice(0, MOST_OUTLIERS).map(({ row, values, label, logDensity }) => {
    const cells = features.map((j) => html`<td>${round(values[j], scene, j)}</td>`);
    return html`<tr><th scope="row">${exact(row)}</th><td>${groupNumber(label)}</td>${cells}<td>${toFixed(logDensity, 2)}</td></tr>
`;
  });
  const left = features.length < scene.order.length ? ` ${featuresLeft(scene, features)}` : "";
  return table(
    "Unusual rows",
    html`The ${rows.length} rows that the mixture finds least likely, most unusual first.${left}`,
    html`<tr><th scope="col">Row</th><th scope="col">Group</th>${heads(scene, features)}<th scope="col">Log density</th></tr>`,
    rows,
  );
}

/** To a hundredth of the least standard deviation of a group. */
function round(value: number, { groups }: Scene, feature: number): string {
  const smallest = least(groups.heaviest.map((group) => groups.deviation(group, feature)));
  const decimals = decimalsFor(smallest) + 1;
  return withMinus(exact(decimals >= 0 && decimals < 15 ? Number(value.toFixed(decimals)) : value));
}

type Selection = NonNullable<ReportData["selection"]>;
const CRITERIA = ["bic", "icl"] as const;
type Criterion = (typeof CRITERIA)[number];

/** BIC and ICL of every model that was compared: a row for each number of groups. */
export function selectionTable(selection: Selection): Html {
  const types = [...new Set(selection.map(({ covarianceType }) => covarianceType))];
  const counts = [...new Set(selection.map(({ components }) => components))].sort((a, b) => a - b);
  const best = new Map(CRITERIA.map((criterion) => [criterion, leastOf(selection, criterion)]));
  const cell = (components: number, covarianceType: string, criterion: Criterion, classes: readonly string[]) => {
    const found = selection.find((one) => one.components === components && one.covarianceType === covarianceType);
    const value = found?.[criterion] ?? null;
    const all = value !== null && value === best.get(criterion) ? [...classes, "lowest"] : classes;
    return html`<td class="${all.join(" ")}">${value === null ? "–" : toFixed(value, 1)}</td>`;
  };
  const each = (made: (criterion: Criterion, type: string, classes: readonly string[]) => Html) =>
    CRITERIA.map((criterion) => types.map((type, i) => made(criterion, type, i === 0 ? ["first"] : [])));
  return table(
    "Models compared",
    html`Every model that was compared; the lowest values are bold. A dash stands where there is no value.`,
    html`<tr><th rowspan="2" scope="col">Groups</th>${CRITERIA.map(
      (criterion) => html`<th class="first" colspan="${types.length}" scope="colgroup">${criterion.toUpperCase()}</th>`,
    )}</tr>
<tr>${each((_, type, classes) => html`<th class="${classes.join(" ")}" scope="col">${plainText(type)}</th>`)}</tr>`,
    counts.map((components) => {
      const cells = each((criterion, type, classes) => cell(components, type, criterion, classes));
      return html`<tr><th scope="row">${components}</th>${cells}</tr>
`;
    }),
  );
}

function leastOf(selection: Selection, criterion: Criterion): number | null {
  const choices = choicesOf(selection, criterion);
  return choices.length === 0 ? null : lowest(choices).value;
}

/** Names and values. */
export function facts(entries: readonly (readonly [string, string])[]): Html {
  return html`<dl>
${entries.map(
  ([name, value]) => html`<dt>${plainText(name)}</dt><dd>${plainText(value)}</dd>
`,
)}</dl>`;
}
