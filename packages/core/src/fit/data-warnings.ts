import type { Warning } from "../warnings.ts";
import { isConstant } from "./regularization.ts";
import type { Summary } from "./summary.ts";

/** Warnings about the points themselves. */
export function dataWarnings(summary: Summary): Warning[] {
  const features = [...summary.variances.keys()];
  const constant = features.filter((feature) => isConstant(summary, feature));
  const { dropped } = summary.tiles;
  return [
    ...(dropped === null ? [] : [{ code: "MISSING_POINTS", points: dropped.length } as const]),
    ...(constant.length === features.length ? [{ code: "DEGENERATE_DATA" } as const] : []),
    ...constant.map((feature) => ({ code: "CONSTANT_FEATURE", feature }) as const),
  ];
}
