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

/** Leaves out Plot's style sheet, which the page has, and digits that nobody sees. */
function tidy(svg: string): string {
  return svg
    .replace(/<style>[^<]*<\/style>/, "")
    .replace(/ class="plot-[^"]*"/, "")
    .replace(/ (?:d|transform|x|y|x1|x2|y1|y2|width|height|cx|cy)="[^"]*"/g, (attribute) =>
      attribute.replace(/-?\d+\.\d{2,}(?:e-\d+)?/g, (number) => String(Number(Number(number).toFixed(1)))),
    );
}
