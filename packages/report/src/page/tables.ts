import { COLOURS } from "../figures/group-colour.ts";
import type { Scene } from "../figures/scene.ts";
import { choicesOf, lowest } from "../figures/selection.ts";
import type { ReportData } from "../report-data.ts";
import { plainText } from "../words/names.ts";
import { count, exact, measure, percent, quantity } from "../words/numbers.ts";
import { type Html, html } from "./html.ts";

/** What a table shows at most; the page stays small, and says what is left out. */
const MOST_GROUPS = 60;
const MOST_FEATURES = 16;
const MOST_OUTLIERS = 25;

/** A wide table scrolls in a box of its own, which the keyboard reaches. */
function table(name: string, caption: Html, head: Html, body: readonly Html[]): Html {
  return html`<div class="table" role="region" aria-label="${name}" tabindex="0"><table>
<caption><span>${caption}</span></caption>
<thead>${head}</thead>
<tbody>
${body}</tbody>
</table></div>`;
}

export function groupNumber(group: number): Html {
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
    return html`<th scope="col">${names[j]}${unit}</th>`;
  });
}

/** Rows of lowest log density. */
export function outliersTable(scene: Scene): Html {
  const features = shownFeatures(scene);
  const { outliers } = scene.report;
  const rows = outliers.slice(0, MOST_OUTLIERS).map(({ row, values, label, logDensity }) => {
    const cells = features.map((j) => html`<td>${exact(values[j])}</td>`);
    return html`<tr><th scope="row">${exact(row)}</th><td>${groupNumber(label)}</td>${cells}<td>${quantity(logDensity)}</td></tr>
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

/** BIC and ICL of every model that was compared. */
export function selectionTable(selection: NonNullable<ReportData["selection"]>): Html {
  const best = { bic: leastOf(selection, "bic"), icl: leastOf(selection, "icl") };
  const cell = (value: number | null, least: number | null) =>
    value === null
      ? html`<td>–</td>`
      : html`<td>${quantity(value)}${value === least ? html` <small>lowest</small>` : ""}</td>`;
  return table(
    "Models compared",
    html`Every model that was compared. Lower is better; a dash stands where a fit failed.`,
    html`<tr><th scope="col">Groups</th><th scope="col">Covariances</th><th scope="col">BIC</th><th scope="col">ICL</th></tr>`,
    selection.map(
      ({
        components,
        covarianceType,
        bic,
        icl,
      }) => html`<tr><th scope="row">${components}</th><td>${plainText(covarianceType)}</td>${cell(bic, best.bic)}${cell(icl, best.icl)}</tr>
`,
    ),
  );
}

function leastOf(selection: NonNullable<ReportData["selection"]>, criterion: "bic" | "icl"): number | null {
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
