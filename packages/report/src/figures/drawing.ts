import type * as ObservablePlot from "@observablehq/plot";

type Plot = typeof ObservablePlot;
export type Mark = ObservablePlot.Markish;
export type RenderFunction = ObservablePlot.RenderFunction;

/** Draws plots as SVG text, without a browser. */
export interface Drawing {
  readonly plot: Plot;
  svg(options: ObservablePlot.PlotOptions): string;
}

/** Loads Observable Plot and a document for it, which takes a third of a second. */
export async function openDrawing(): Promise<Drawing> {
  const [plot, { parseHTML }] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  return { plot, svg: (options) => tidy(plot.plot({ ...options, document: document as never }).outerHTML) };
}

/** Leaves out Plot's style sheet and labels, which the page has its own of, and digits that nobody sees. */
function tidy(svg: string): string {
  return svg.replace(/<style>[^<]*<\/style>/, "").replace(/<[^>]*>/g, tidyTag);
}

const LEFT_OUT = / aria-[a-z]+="[^"]*"| class="plot-[^"]*"/g;
const PLACES = / (?:d|transform|x|y|x1|x2|y1|y2|width|height|cx|cy)="[^"]*"/g;
const LONG_NUMBER = /-?\d+\.\d{2,}(?:e-\d+)?/g;

function tidyTag(tag: string): string {
  return tag
    .replace(LEFT_OUT, "")
    .replace(PLACES, (place) => place.replace(LONG_NUMBER, (number) => String(Number(Number(number).toFixed(1)))));
}
