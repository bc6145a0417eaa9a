import { greatest, least } from "@emix/core";
import { html } from "../page/html.ts";
import { count, countOf, quantity } from "../words/numbers.ts";
import type { Drawing, Mark } from "./drawing.ts";
import type { Figure } from "./figure.ts";
import { type Axes, panel, placeOf, type Size } from "./panel.ts";
import type { Scene } from "./scene.ts";

/** Iterations of all starts that are drawn; of longer traces, every few. */
const MOST_POINTS = 2000;

/** One iteration of one start. */
export interface TracePoint {
  readonly start: number;
  /** from 1 */
  readonly iteration: number;
  readonly bound: number;
}

/** The bound of every start, iteration by iteration. */
export function tracesFigure(drawing: Drawing, scene: Scene): Figure {
  const points = tracePoints(scene);
  return {
    id: "traces",
    title: "Lower bound of each start by iteration",
    description: describe(scene),
    caption: html`The bound after each iteration, which a fit raises until it hardly changes. Every line is a start;
the thick one was kept.${failures(scene)}`,
    draw: (size) => tracesDrawing(drawing, scene, points, size),
    place: (size) => `data-x="trace" ${placeOf(size, axesOf(points))}`,
  };
}

/** in the order of the starts; every few iterations where there are too many, the first and last always */
export function tracePoints({ report }: Scene): TracePoint[] {
  const { traces } = report;
  const total = traces.reduce((sum, { bounds }) => sum + bounds.length, 0);
  const every = Math.max(1, Math.ceil(total / MOST_POINTS));
  return traces.flatMap(({ bounds }, start) =>
    Array.from(bounds, (bound, i) => ({ start, iteration: i + 1, bound })).filter(
      ({ bound, iteration }) =>
        Number.isFinite(bound) && ((iteration - 1) % every === 0 || iteration === bounds.length),
    ),
  );
}

function axesOf(points: readonly TracePoint[]): Axes {
  const bounds = points.map(({ bound }) => bound);
  const last = points.reduce((most, { iteration }) => Math.max(most, iteration), 2);
  const [low, high] = bounds.reduce(([a, b], bound) => [Math.min(a, bound), Math.max(b, bound)], [Infinity, -Infinity]);
  const room = 0.06 * (high - low) || Math.abs(high) * 0.01 || 1;
  const y = points.length === 0 ? { low: 0, high: 1 } : { low: low - room, high: high + room };
  return { x: { low: 1, high: last + 0.02 * (last - 1) }, y, xLabel: "iteration", yLabel: "lower bound" };
}

function tracesDrawing(drawing: Drawing, { report }: Scene, points: readonly TracePoint[], size: Size): string {
  const { plot } = drawing;
  const kept = points.filter(({ start }) => start === report.fit?.restart);
  const others = points.filter(({ start }) => start !== report.fit?.restart);
  const at = { x: "iteration", y: "bound", z: "start" } as const;
  const marks: Mark[] = [
    plot.line(others, { ...at, stroke: "var(--muted)", strokeWidth: 1, strokeOpacity: 0.7 }),
    plot.line(kept, { ...at, stroke: "var(--accent)", strokeWidth: 2.4 }),
    plot.dot(kept.slice(-1), { x: "iteration", y: "bound", r: 3.5, fill: "var(--accent)" }),
  ];
  return panel(drawing, size, axesOf(points), marks);
}

function describe({ report }: Scene): string {
  const { traces, fit } = report;
  const ends = traces.flatMap(({ bounds }) => (bounds.length === 0 ? [] : [bounds[bounds.length - 1]]));
  if (fit === null || ends.length === 0) return "No start finished an iteration.";
  const kept = traces[fit.restart].bounds;
  const course =
    kept.length === 0
      ? ""
      : ` It rises from ${quantity(kept[0])} to ${quantity(kept[kept.length - 1])} in ${countOf(kept.length, "iteration")}.`;
  const range =
    ends.length < 2 ? "" : ` The starts end between ${quantity(least(ends))} and ${quantity(greatest(ends))}.`;
  return `A line for each of ${countOf(traces.length, "start")}. Start ${count(fit.restart + 1)} was kept.${course}${range}`;
}

function failures({ report }: Scene): string {
  const failed = report.traces.filter(({ failure }) => failure !== undefined).length;
  return failed === 0 ? "" : ` ${countOf(failed, "start")} failed and ${failed === 1 ? "ends" : "end"} early.`;
}
