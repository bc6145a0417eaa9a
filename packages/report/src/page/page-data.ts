import type { Scene } from "../figures/scene.ts";
import { tracePoints } from "../figures/traces.ts";

/** What the page's script needs for exact values; features are those that pictures show. */
export function pageData(scene: Scene, features: readonly number[]): object {
  const { labels, maxResponsibilities, logDensities, rows } = scene.report.sample;
  const points = tracePoints(scene);
  return {
    columns: features.map((feature) => ({
      feature,
      name: scene.names[feature],
      unit: scene.units[feature],
      values: scene.column(feature),
    })),
    labels: Array.from(labels),
    sure: Array.from(maxResponsibilities, (share) => Number(share.toPrecision(6))),
    density: Array.from(logDensities, (value) =>
      Number.isFinite(value) ? Number(value.toPrecision(8)) : String(value),
    ),
    ...(rows !== undefined && { rows: Array.from(rows) }),
    traces: {
      start: points.map(({ start }) => start),
      iteration: points.map(({ iteration }) => iteration),
      bound: points.map(({ bound }) => bound),
    },
  };
}
