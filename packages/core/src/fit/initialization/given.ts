import { featuresMismatch, invalidOption } from "../../errors.ts";
import { timesPower } from "../../linear-algebra/powers-of-two.ts";
import type { Executor } from "../../passes/executor.ts";
import { ofStoredPoints } from "../../points/rows.ts";
import { rowsGiven, type Tiles, tileCount } from "../../points/tiles.ts";
import type { Maximum } from "../../step/maximum.ts";
import type { Rules } from "../../step/rules.ts";
import type { GivenStart } from "../options/given-start.ts";
import type { ResolvedFitOptions } from "../options/options.ts";
import { fromNearest } from "./from-nearest.ts";
import { fromResponsibilities, openResponsibilities } from "./from-responsibilities.ts";
import { firstOfEach, fromLabels } from "./start.ts";

type Options = Pick<ResolvedFitOptions, "components" | "covarianceType">;

/**
 * One M-step from what a caller knows of the points or of the components.
 * @throws INVALID_OPTION, FEATURES_MISMATCH, COLLAPSED_COMPONENT
 */
export async function startFromGiven(
  executor: Executor,
  given: GivenStart,
  options: Options,
  rules: Rules,
): Promise<Maximum> {
  if ("labels" in given) return fromGivenLabels(executor, given.labels, options, rules);
  if ("means" in given) return fromMeans(executor, given.means, options, rules);
  const { components, covarianceType } = options;
  const opened = openResponsibilities(given.responsibilities, executor.tiles, "initialization.responsibilities");
  if (opened.components !== components) {
    throw invalidOption("initialization.responsibilities", `${components} numbers for each row`, opened.components);
  }
  return { mixture: fromResponsibilities(executor.tiles, opened, covarianceType, rules), warnings: [] };
}

/** Rows without a label weigh nothing here. */
async function fromGivenLabels(
  executor: Executor,
  given: ArrayLike<number>,
  { components, covarianceType }: Options,
  rules: Rules,
): Promise<Maximum> {
  const { tiles } = executor;
  const rows = rowsGiven(tiles);
  if (given.length !== rows) {
    throw invalidOption("initialization.labels", `${rows} numbers, one for each row`, given.length);
  }
  const own = ofStoredPoints(tiles, withoutDropped(Int32Array.from(given), tiles), 1);
  const padded = tileCount(tiles) * tiles.tileSize;
  return executor.lend(padded * 12, async (memory) => {
    const pointWeights = new Float64Array(memory, 0, padded).fill(0);
    const labels = new Int32Array(memory, padded * 8, padded).fill(0);
    for (let i = 0; i < tiles.count; i++) {
      if (own[i] < 0) continue;
      labels[i] = own[i];
      pointWeights[i] = tiles.pointWeights?.[i] ?? 1;
    }
    const known = executor.over({ ...tiles, pointWeights });
    requireAll(known.tiles, labels, components, { labels: given });
    const centres = firstOfEach(known.tiles, labels, components);
    return fromLabels(known, labels, { centres, covarianceType }, rules);
  });
}

/** What is said of rows that were left out is not asked for. */
function withoutDropped(labels: Int32Array, { dropped }: Tiles): Int32Array {
  for (const row of dropped ?? []) labels[row] = -1;
  return labels;
}

/** Every point begins with its nearest mean. */
async function fromMeans(
  executor: Executor,
  given: readonly ArrayLike<number>[],
  options: Options,
  rules: Rules,
): Promise<Maximum> {
  const { tiles } = executor;
  const { features, exponents } = tiles;
  if (given[0].length !== features) throw featuresMismatch(given[0].length, features);
  const centres = given.flatMap((mean) => Array.from(mean, (value, j) => timesPower(value, -(exponents?.[j] ?? 0))));
  const measured = { means: new Float64Array(features), scales: new Float64Array(features).fill(1), centres };
  const check = (labels: Int32Array) => requireAll(tiles, labels, options.components, { means: given });
  return fromNearest(executor, measured, options, { rules, check });
}

/** @throws INVALID_OPTION unless every component has a point of positive weight */
function requireAll({ count, pointWeights }: Tiles, labels: Int32Array, components: number, given: GivenStart): void {
  const has = new Uint8Array(components);
  for (let i = 0; i < count; i++) if (pointWeights === null || pointWeights[i] > 0) has[labels[i]] = 1;
  const without = has.indexOf(0);
  if (without < 0) return;
  const [[kind, values]] = Object.entries(given);
  throw invalidOption(
    `initialization.${kind}`,
    `such that every component has a point, as ${without} has none`,
    values,
  );
}
