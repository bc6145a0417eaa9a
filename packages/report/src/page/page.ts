import { checkReport } from "../check.ts";
import { openDrawing } from "../figures/drawing.ts";
import { picturedFeatures, type Scene, sceneOf } from "../figures/scene.ts";
import type { ReportData } from "../report-data.ts";
import { plainText } from "../words/names.ts";
import { countOf } from "../words/numbers.ts";
import { type Html, html, jsonText, raw } from "./html.ts";
import { pageData } from "./page-data.ts";
import { SCRIPT } from "./script.ts";
import { type Section, sections } from "./sections.ts";
import { contentPolicy } from "./security.ts";
import { styleSheet } from "./style.ts";

/**
 * A report as one HTML page, at most 2 MB, that holds all it shows and loads nothing. The same data give the same page.
 * @throws INVALID_OPTION where parts of the data disagree
 */
export async function reportPage(report: ReportData): Promise<string> {
  checkReport(report);
  const scene = sceneOf(report);
  const drawing = await openDrawing();
  return page(scene, sections(drawing, scene)).text;
}

function page(scene: Scene, parts: readonly Section[]): Html {
  const title = plainText(scene.report.title) || "Mixture";
  const style = styleSheet();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${raw(contentPolicy(SCRIPT, style))}">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header><div><h1>${title}</h1><p>${subtitle(scene)}</p></div><button id="theme" type="button" hidden>Theme</button></header>
<nav aria-label="Contents"><ul>
${parts.map(
  ({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>
`,
)}</ul></nav>
<main id="main" tabindex="-1">
${parts.map(section)}
</main>
<footer><p>Made by emix. This page holds all it shows and loads nothing.</p></footer>
<div id="tip" class="tip" hidden></div>
<div id="live" class="unseen" aria-live="polite"></div>
<script type="application/json" id="data">${jsonText(pageData(scene, picturedFeatures(scene)))}</script>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`;
}

function section({ id, heading, content }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${content ?? ""}
</section>
`;
}

function subtitle({ rows, groups, report }: Scene): string {
  const { covarianceType } = report.mixture;
  const known = rows === 0 ? [] : [countOf(rows, "row")];
  const parts = [...known, countOf(groups.features, "column"), countOf(groups.count, "group")];
  return `${parts.join(" · ")} · ${plainText(covarianceType)} covariances`;
}
