import { exponential, type GaussianMixture, type Transform } from "@emix/core";
import { nameOf } from "../input.ts";
import { meanAndDeviation, medianAndFactor, timeAndDeviation } from "./cells.ts";

/** A column of the points for people. */
export interface Feature {
  readonly name: string;
  /** the mean and standard deviation of each component, in the units of the column */
  readonly cells: readonly string[];
}

/** in: columns, as the command line names them; transforms, what the mixture sees of them */
export function featuresOf(
  mixture: GaussianMixture,
  columns: readonly string[],
  transforms?: readonly Transform[],
): Feature[] {
  const { means, meansResidual, variances, components, features } = mixture;
  return columns.map((column, j) => {
    const transform = transforms?.[j] ?? { log: false, centre: 0, scale: 1 };
    const text = textOf(column, transform);
    const cells = Array.from({ length: components }, (_, component) => {
      const at = component * features + j;
      const mean = means[at] * transform.scale + transform.centre + meansResidual[at] * transform.scale;
      return text(mean, Math.sqrt(variances[at]) * transform.scale);
    });
    return { name: nameOf(column), cells };
  });
}

/** Columns whose mixture is one of their logarithms. */
export function logColumns(columns: readonly string[], transforms?: readonly Transform[]): string[] {
  return columns.filter((_, j) => transforms?.[j].log).map(nameOf);
}

/** Seconds in the unit of DuckDB's functions that make numbers of times. */
const EPOCHS: Readonly<Record<string, number>> = { epoch: 1, epoch_ms: 1e-3, epoch_us: 1e-6, epoch_ns: 1e-9 };

function textOf(column: string, { log }: Transform): (mean: number, deviation: number) => string {
  if (log) return (mean, deviation) => medianAndFactor(exponential(mean), exponential(deviation));
  const [, name] = /=\s*(epoch\w*)\s*\((?:[^()]|\([^()]*\)(?!::TIME\)))*\)\s*$/i.exec(column) ?? [];
  const unit = EPOCHS[name];
  if (unit !== undefined) return (mean, deviation) => timeAndDeviation(mean * unit, deviation * unit);
  return meanAndDeviation;
}
