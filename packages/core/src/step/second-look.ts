import type { ComponentEstimates } from "../components/estimate.ts";
import { withJudged } from "../components/judged-again.ts";
import { areApart, type Judgement, judge, type Question } from "../components/judgement.ts";
import { partOf } from "../components/part.ts";
import { MOST_INFLATION } from "../covariance/conditioning.ts";
import { matrixOf, owners, packedOf } from "../covariance/covariances.ts";
import { matrixForm } from "../covariance/forms.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { judgeComponents } from "../passes/components/judge.ts";
import type { AnyExecutor } from "../passes/executor.ts";
import type { Frames, Measure } from "../statistics/frames.ts";
import type { StatisticsLayout, SufficientStatistics } from "../statistics/sufficient-statistics.ts";
import type { BlendedEstimate } from "./prior/prior.ts";
import type { Rules } from "./rules.ts";

/** What an E-step finds: an estimate that is accurate enough, and the components that were measured again for it. */
export interface Expectation extends BlendedEstimate {
  readonly lookedAtAgain: readonly number[];
}

const MOST_ROUNDS = 2;

/** The rules that a second look uses. */
export type LookRules = Pick<Rules, "regularization" | "prior">;

/** The rules that a look in a step uses. */
type StepRules = LookRules & Pick<Rules, "resolution">;

/** Statistics with the judgement on them: what must be measured again. */
export interface Look {
  readonly expected: Expectation;
  /** how many looks were taken before this one */
  readonly round: number;
  /** null: the estimate is accurate enough */
  readonly again: Again | null;
  readonly judgement: Judgement;
}

/** A request for a pass with the responsibilities of the old mixture, without the rule of zero. */
export interface Again {
  readonly measure: Measure;
  readonly components: readonly number[];
}

/** Statistics that wait for their judgement. */
interface View {
  readonly question: Question;
  readonly round: number;
  readonly lookedAtAgain: readonly number[];
  /** what was judged before, and which components have other statistics since; null: nothing was */
  readonly before: { readonly judgement: Judgement; readonly changed: readonly number[] } | null;
}

/** What must be judged of a view. */
function openQuestion({ question, before }: View): Question {
  return before === null || !areApart(question) ? question : partOf(question, before.changed);
}

/** in: found, the answer to its open question */
function judgementOf({ question, before }: View, found: Judgement): Judgement {
  if (before === null || !areApart(question)) return found;
  return withJudged(before.judgement, found, before.changed, question.statistics);
}

/**
 * Judges statistics, and has those of doubtful components measured again until all are accurate enough, at most twice. Threads
 * of the executor judge where that is much work.
 * in: old, as in `firstLook`
 */
export async function secondLook(
  executor: AnyExecutor,
  statistics: SufficientStatistics,
  { rules, old }: { readonly rules: StepRules; readonly old?: Mixture },
  measure: (again: Again) => Promise<SufficientStatistics>,
): Promise<Expectation> {
  const judgeView = async (view: View) =>
    lookAt(view, await judgeComponents(executor, openQuestion(view), rules.resolution), rules);
  let look = await judgeView(firstView(statistics, rules, old));
  while (look.again !== null) look = await judgeView(nextView(look, look.again, await measure(look.again), rules));
  return look.expected;
}

/**
 * The second look (derivation.md §9): judges statistics, and asks for those of doubtful components again, about their
 * new means and in new frames.
 * in: old, the mixture that the responsibilities belong to, if the rule of zero may have rounded them
 */
export function firstLook(statistics: SufficientStatistics, rules: LookRules, old?: Mixture): Look {
  return lookHere(firstView(statistics, rules, old), rules);
}

/** Judges again, with the statistics that a look asked for. Components are measured again at most twice. */
export function lookAgain(look: Look, measured: SufficientStatistics, rules: LookRules): Look {
  return look.again === null ? look : lookHere(nextView(look, look.again, measured, rules), rules);
}

function lookHere(view: View, rules: LookRules): Look {
  return lookAt(view, judge(openQuestion(view)), rules);
}

function firstView(statistics: SufficientStatistics, rules: LookRules, old?: Mixture): View {
  return viewOf(statistics, rules, { round: 0, lookedAtAgain: [], before: null, old: old ?? null });
}

function nextView(
  { expected, round, judgement }: Look,
  { components }: Again,
  measured: SufficientStatistics,
  rules: LookRules,
) {
  const lookedAtAgain = [...new Set([...expected.lookedAtAgain, ...components])].sort((a, b) => a - b);
  const statistics = withComponents(expected.statistics, measured, components);
  return viewOf(statistics, rules, {
    round: round + 1,
    lookedAtAgain,
    before: { judgement, changed: components },
    old: null,
  });
}

function viewOf(
  statistics: SufficientStatistics,
  { prior, regularization }: LookRules,
  { round, lookedAtAgain, before, old }: Omit<View, "question"> & { readonly old: Mixture | null },
): View {
  const belief = prior.belief(statistics.layout);
  const open = round < MOST_ROUNDS;
  return {
    question: { statistics, belief, regularization, old, open, resolution: null },
    round,
    lookedAtAgain,
    before,
  };
}

/** in: found, the answer to the open question of the view */
function lookAt(view: View, found: Judgement, { prior }: LookRules): Look {
  const { round, lookedAtAgain } = view;
  const judgement = judgementOf(view, found);
  const { data, blended, doubtful, limited } = judgement;
  const expected = { ...blended, ...prior.weigh(data), data, limited, lookedAtAgain };
  if (doubtful.length === 0) return { expected, round, again: null, judgement };
  const measure = { pivots: data.means, frames: framesFor(blended, doubtful) };
  return { expected, round, again: { measure, components: doubtful }, judgement };
}

/** Frames by the frame rule, and in any case where the scatter was singular; all other components are left out. */
function framesFor(given: ComponentEstimates, doubtful: readonly number[]): Frames {
  const { layout } = given.statistics;
  const form = matrixForm(layout.covarianceType);
  const flags = new Int8Array(layout.components).fill(-1);
  const asked = new Set(doubtful);
  for (const group of owners(layout).filter(([component]) => asked.has(component))) {
    const inflation = form.inflation(matrixOf(given, layout, group[0]), layout.features);
    for (const component of group) {
      flags[component] = Number(given.inflations[component] === Number.POSITIVE_INFINITY || inflation > MOST_INFLATION);
    }
  }
  return { framed: flags, factors: given.factors };
}

/** Replaces the statistics of some components by another measurement. */
function withComponents(
  before: SufficientStatistics,
  again: SufficientStatistics,
  components: readonly number[],
): SufficientStatistics {
  const { layout } = before;
  const out = {
    ...before,
    pivots: before.pivots.slice(),
    frames: { framed: before.frames.framed.slice(), factors: before.frames.factors.slice() },
    sums: before.sums.slice(),
    errors: before.errors.slice(),
  };
  for (const component of components) {
    for (const [to, from] of [
      [out, again],
      [
        { ...out, sums: out.errors },
        { ...again, sums: again.errors },
      ],
    ]) {
      partsOf(to, layout, component).forEach((part, i) => {
        part.set(partsOf(from, layout, component)[i]);
      });
    }
    out.frames.framed[component] = again.frames.framed[component];
  }
  return out;
}

/** Views of all numbers about one component, except the flags. */
function partsOf({ pivots, frames, sums }: SufficientStatistics, layout: StatisticsLayout, component: number) {
  const { features, responsibilitySums, weightedSums, scatter } = layout;
  const row = (values: Float64Array, start: number) =>
    values.subarray(start + component * features, start + (component + 1) * features);
  return [
    row(pivots, 0),
    packedOf(frames.factors, layout, component),
    sums.subarray(responsibilitySums + component, responsibilitySums + component + 1),
    row(sums, weightedSums),
    packedOf(sums.subarray(scatter), layout, component),
  ];
}
