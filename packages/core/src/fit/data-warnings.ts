import type { Warning } from "../warnings.ts";
import { isConstant } from "./regularization.ts";
import type { Summary } from "./summary.ts";

/** What is to be said of the points themselves. */
export function dataWarnings(summary: Summary): Warning[] {
  const features = [...summary.variances.keys()];
  const constant = features.filter((feature) => isConstant(summary, feature));
  const { skipped } = summary.tiles;
  return [
    ...(skipped > 0 ? [{ code: "MISSING_POINTS", points: skipped } as const] : []),
    ...(constant.length === features.length ? [{ code: "DEGENERATE_DATA" } as const] : []),
    ...constant.map((feature) => ({ code: "CONSTANT_FEATURE", feature }) as const),
  ];
}
