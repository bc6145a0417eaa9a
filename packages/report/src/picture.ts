import { checkReport } from "./check.ts";
import { openDrawing } from "./figures/drawing.ts";
import { marginalDrawing } from "./figures/marginal.ts";
import { pairDrawing, pairsOf } from "./figures/pair.ts";
import type { Size } from "./figures/panel.ts";
import { sceneOf } from "./figures/scene.ts";
import { inTheme, LIGHT } from "./page/colours.ts";
import type { ReportData } from "./report-data.ts";

const SIZE: Size = { width: 760, height: 520 };
const FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif";

/**
 * The first picture of the page as an SVG document of its own: the two features in which the groups differ most, or the
 * distribution of the only one.
 * @throws INVALID_OPTION where parts of the data disagree
 */
export async function pairPicture(report: ReportData): Promise<string> {
  checkReport(report);
  const scene = sceneOf(report);
  const drawing = await openDrawing();
  const [pair] = pairsOf(scene);
  const svg = pair === undefined ? marginalDrawing(drawing, scene, 0, SIZE) : pairDrawing(drawing, scene, pair, SIZE);
  return standalone(inTheme(svg, LIGHT));
}

/** With what the page's style sheet would have said. */
function standalone(svg: string): string {
  const background = `<rect width="${SIZE.width}" height="${SIZE.height}" fill="${LIGHT.page}"/>`;
  return svg
    .replace("<svg", `<svg xmlns="http://www.w3.org/2000/svg"`)
    .replace(/fill="currentColor"/, `fill="${LIGHT.muted}" color="${LIGHT.muted}"`)
    .replace(/font-family="[^"]*"/, `font-family="${FONT}"`)
    .replace(/^<svg[^>]*>/, (opening) => opening + background);
}
