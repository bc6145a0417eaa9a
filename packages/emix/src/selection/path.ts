import type { CovarianceType } from "@emix/core";
import { isBetter, lossOf, type ModelChoice, type SelectionCriterion } from "./models.ts";
import {
  type FittedPoints,
  MARGIN,
  type SelectionSetting,
  skippedModel,
  type TriedModel,
  tryModel,
} from "./try-model.ts";

/** How the models of one covariance type are gone through. */
export interface PathPlan<Points extends FittedPoints> extends SelectionSetting<Points> {
  /** rising */
  readonly sizes: readonly number[];
  readonly covarianceType: CovarianceType;
  readonly criterion: SelectionCriterion;
  /** how many sizes in a row may be worse than the best before the rest is skipped; ∞: none is skipped */
  readonly patience: number;
  /** called before the first fit of a model */
  readonly onModel: (choice: ModelChoice) => void;
}

/** On the way down, this many sizes on either side of the best are tried again. */
const AROUND = 2;

/**
 * All sizes of one covariance type. Going up, each model begins with the one before it, whose components are split, and
 * afresh where that leaves hope. Going down again past the best, each also begins with the one above it, whose components
 * are dropped. The best one is kept.
 * in: others, the models of other types so far
 */
export async function followPath<Points extends FittedPoints>(
  plan: PathPlan<Points>,
  others: readonly TriedModel[],
): Promise<TriedModel[]> {
  const path = await goUp(plan, others);
  const best = path.indexOf(bestOf(path, plan.criterion));
  for (let i = Math.min(best + AROUND, path.length - 1); i > Math.max(0, best - AROUND); i--) {
    const [below, above] = [path[i - 1], path[i].fit];
    if (above === undefined || below.fit === undefined) continue;
    const shrunk = await tryModel(plan, below.row, { from: above.mixture, leader: path[best] });
    if (isBetter(shrunk.row, below.row, plan.criterion)) path[i - 1] = shrunk;
  }
  return path;
}

/** The best of some models, the first of a tie. */
export function bestOf(models: readonly TriedModel[], criterion: SelectionCriterion): TriedModel {
  return models.reduce((one, other) => (isBetter(other.row, one.row, criterion) ? other : one));
}

async function goUp<Points extends FittedPoints>(
  plan: PathPlan<Points>,
  others: readonly TriedModel[],
): Promise<TriedModel[]> {
  const { sizes, covarianceType, criterion } = plan;
  const leader = others.length > 0 ? bestOf(others, criterion) : undefined;
  const path: TriedModel[] = [];
  const surprise = { most: 0, idle: 0 };
  for (const [index, components] of sizes.entries()) {
    const choice = { components, covarianceType };
    if (isHopeless(path, plan, leader)) {
      path.push(skippedModel(choice));
      continue;
    }
    plan.onModel(choice);
    const rivals = [...(leader === undefined ? [] : [leader]), ...path];
    const best = rivals.length > 0 ? bestOf(rivals, criterion) : undefined;
    path.push(await tryAll(plan, choice, { before: path[index - 1], leader: best }, surprise));
  }
  return path;
}

/**
 * Is there no reason to try the next size? There is none after several sizes that were worse than the best, or if all
 * that are left, gaining as much as the last one did, would not reach the leader.
 */
function isHopeless(
  path: readonly TriedModel[],
  { sizes, criterion, patience }: Pick<PathPlan<FittedPoints>, "sizes" | "criterion" | "patience">,
  leader: TriedModel | undefined,
): boolean {
  if (path.length === 0 || patience === Number.POSITIVE_INFINITY) return false;
  const last = path.length - 1;
  if (path[last].row.skipped || last - path.indexOf(bestOf(path, criterion)) >= patience) return true;
  if (leader === undefined || last < patience) return false;
  const losses = path.map(({ row }) => lossOf(row, criterion));
  const gap = losses[last] - lossOf(leader.row, criterion);
  return gap > MARGIN + (sizes.length - path.length) * (losses[last - 1] - losses[last]);
}

/** What models that began afresh have gained over those that were grown. */
interface Surprise {
  /** the most by which one has been better */
  most: number;
  /** how many sizes have gone by since one was */
  idle: number;
}

/** After this many sizes in a row whose fresh models gained nothing, only one size in this many gets a fresh model. */
const IDLE = 3;
/** A loss that is lower by a smaller share is no gain. */
const LEAST_GAIN = 1e-6;

/** No fresh model is tried where a grown one was given up this many surprises behind the leader. */
const SURPRISES = 4;

/**
 * Begins with the model before, whose components are split, and afresh; keeps the better one. After a grown model that
 * lies far behind the leader, none is begun afresh; nor at most sizes, once that has gained nothing at several.
 */
async function tryAll<Points extends FittedPoints>(
  plan: PathPlan<Points>,
  choice: ModelChoice,
  { before, leader }: { readonly before: TriedModel | undefined; readonly leader: TriedModel | undefined },
  surprise: Surprise,
): Promise<TriedModel> {
  const { criterion } = plan;
  if (before?.fit === undefined) return tryModel(plan, choice, { leader });
  const grown = await tryModel(plan, choice, { from: before.fit.mixture, leader });
  const behind = leader === undefined ? 0 : lossOf(grown.row, criterion) - lossOf(leader.row, criterion);
  if (grown.givenUp && behind > MARGIN + SURPRISES * surprise.most) return grown;
  surprise.idle++;
  if (grown.fit !== undefined && surprise.idle > IDLE && surprise.idle % IDLE !== 0) return grown;
  const fresh = await tryModel(plan, choice, { leader });
  const better = lossOf(grown.row, criterion) - lossOf(fresh.row, criterion);
  if (better > LEAST_GAIN * Math.abs(lossOf(fresh.row, criterion)) && !fresh.givenUp) surprise.idle = 0;
  if (better > surprise.most && better < Number.POSITIVE_INFINITY) surprise.most = better;
  return bestOf([fresh, grown], criterion);
}
