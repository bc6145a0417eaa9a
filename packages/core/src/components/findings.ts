import type { FlooredComponent } from "../covariance/covariances.ts";
import { matrixLength } from "../covariance/shape.ts";
import { covarianceRow } from "../covariance/types.ts";
import type { Columns } from "../linear-algebra/low-rank.ts";
import type { StatisticsLayout, SufficientStatistics } from "../statistics/sufficient-statistics.ts";
import type { ComponentEstimates } from "./estimate.ts";
import { type Judgement, judge, type Question } from "./judgement.ts";
import type { LimitedCovariances } from "./limited-covariances.ts";
import { partOf } from "./part.ts";
import type { Verdict } from "./resolution/verdict.ts";

// Judgements as numbers, in memory that threads may share: each writes what it finds of some components.

/** The numbers of an estimate, k times as many as `widthsOf` says. */
interface Numbers extends Readonly<Record<keyof Omit<ComponentEstimates, "statistics" | "directions">, Float64Array>> {
  /** k: 1 where directions are known, which are not kept */
  readonly directed: Float64Array;
}

/** What limits make of covariances: k times a matrix, or a number. */
interface LimitedNumbers {
  readonly packedCovariances: Float64Array;
  readonly factors: Float64Array;
  readonly inflations: Float64Array;
  /** `Floored.rank`; −1: the floor did not raise it */
  readonly ranks: Float64Array;
  /** of `Verdict`; rank −1: there is none */
  readonly resolutions: Float64Array;
  readonly verdictRanks: Float64Array;
}

/** What was found of the components of a question. */
export interface Findings {
  readonly data: Numbers;
  /** null: there is no prior */
  readonly blended: Numbers | null;
  /** null: nobody asked */
  readonly limited: LimitedNumbers | null;
  /** k: 1 or 0 */
  readonly doubtful: Float64Array;
}

type Widths = { readonly [N in keyof Numbers]: number };

/** Of what the points alone say. */
function pointsWidths({ statistics: { layout }, belief }: Question): Widths {
  const widths = widthsOf(layout);
  return belief === null || belief.asksPoints ? widths : { ...widths, packedCovariances: 0, factors: 0 };
}

function widthsOf({ features, covarianceType }: StatisticsLayout): Widths {
  const matrix = matrixLength(covarianceRow(covarianceType).matrix, features);
  return {
    ...{ masses: 1, shifts: features, means: features, meansResidual: features },
    ...{ packedCovariances: matrix, factors: matrix, inflations: 1, singular: 1, directed: 1 },
  };
}

function limitedWidths({ features, covarianceType }: StatisticsLayout): {
  readonly [N in keyof LimitedNumbers]: number;
} {
  const matrix = matrixLength(covarianceRow(covarianceType).matrix, features);
  return { packedCovariances: matrix, factors: matrix, inflations: 1, ranks: 1, resolutions: 1, verdictRanks: 1 };
}

/** How many bytes the findings of a component take. */
export function findingsBytes(question: Question): number {
  const { statistics, belief, resolution } = question;
  const { layout } = statistics;
  const widthOf = (widths: object) => Object.values(widths).reduce((sum: number, width: number) => sum + width, 0);
  const limited = resolution === null ? 0 : widthOf(limitedWidths(layout));
  const blended = belief === null ? 0 : widthOf(widthsOf(layout));
  return 8 * (widthOf(pointsWidths(question)) + blended + 1 + limited);
}

/** Findings in memory, of `findingsBytes` for each component, with any content. */
export function findingsIn(memory: ArrayBufferLike, question: Question): Findings {
  let offset = 0;
  return roomForFindings(question, (length) => {
    const array = new Float64Array(memory, offset, length);
    offset += array.byteLength;
    return array;
  });
}

/** in: allocate, gives arrays of so many numbers */
export function roomForFindings(question: Question, allocate: (length: number) => Float64Array): Findings {
  const { statistics, belief, resolution } = question;
  const { layout } = statistics;
  const numbers = (width: number) => allocate(width * layout.components);
  const room = <Name extends string>(widths: { readonly [N in Name]: number }) =>
    Object.fromEntries(Object.entries<number>(widths).map(([name, width]) => [name, numbers(width)])) as {
      [N in Name]: Float64Array;
    };
  return {
    data: room(pointsWidths(question)),
    blended: belief === null ? null : room(widthsOf(layout)),
    limited: resolution === null ? null : room(limitedWidths(layout)),
    doubtful: numbers(1),
  };
}

/** Writes the judgement on some components, from `first` on. */
export function writeJudgement({ data, blended, doubtful, limited }: Judgement, first: number, to: Findings): void {
  const components = data.masses.length;
  write(numbersOf(data), { first, components }, to.data);
  if (to.blended !== null) write(numbersOf(blended), { first, components }, to.blended);
  if (to.limited !== null && limited !== undefined) {
    write(limitedNumbers(limited, components), { first, components }, to.limited);
  }
  to.doubtful.fill(0, first, first + data.masses.length);
  for (const component of doubtful) to.doubtful[first + component] = 1;
}

/** Copies what was found of some components, from `first` on. */
export function copyFindings({ data, blended, doubtful, limited }: Findings, first: number, to: Findings): void {
  const place = { first, components: doubtful.length };
  write(data, place, to.data);
  if (blended !== null && to.blended !== null) write(blended, place, to.blended);
  if (limited !== null && to.limited !== null) write(limited, place, to.limited);
  to.doubtful.set(doubtful, first);
}

type Written = { readonly [N in keyof Numbers]: ArrayLike<number> };

function numbersOf({ statistics: _, directions, ...numbers }: ComponentEstimates): Written {
  const directed = Array.from(numbers.masses, (_mass, i) => Number(directions?.[i] !== undefined));
  return { ...numbers, directed };
}

function limitedNumbers({ floored, verdicts, ...numbers }: LimitedCovariances, components: number): LimitedNumbers {
  const none = () => new Float64Array(components).fill(-1);
  const [ranks, resolutions, verdictRanks] = [none(), none(), none()];
  for (const { component, rank } of floored) ranks[component] = rank;
  for (const { component, rank, resolution } of verdicts) {
    resolutions[component] = resolution;
    verdictRanks[component] = rank;
  }
  return { ...numbers, ranks, resolutions, verdictRanks };
}

function limitedFrom({ ranks, resolutions, verdictRanks, ...numbers }: LimitedNumbers): LimitedCovariances {
  const floored: FlooredComponent[] = [];
  const verdicts: Verdict[] = [];
  for (let component = 0; component < ranks.length; component++) {
    if (ranks[component] >= 0) floored.push({ component, rank: ranks[component] });
    const [rank, resolution] = [verdictRanks[component], resolutions[component]];
    if (rank >= 0) verdicts.push({ component, rank, resolution });
  }
  return { ...numbers, floored, verdicts };
}

/** in: components, how many the numbers are about; first, the first of them */
function write<N extends string>(
  numbers: { readonly [Name in N]: ArrayLike<number> },
  { first, components }: { readonly first: number; readonly components: number },
  to: { readonly [Name in N]: Float64Array },
): void {
  for (const name of Object.keys(to) as N[]) to[name].set(numbers[name], first * (numbers[name].length / components));
}

/** The judgement that findings hold; its arrays are theirs. */
export function judgementFrom(findings: Findings, question: Question): Judgement {
  const { statistics } = question;
  const data = estimatedFrom(findings.data, statistics, directionsIn(findings.data, question));
  const blended = findings.blended === null ? data : estimatedFrom(findings.blended, statistics);
  const limited = findings.limited && limitedFrom(findings.limited);
  return { data, blended, doubtful: componentsIn(findings.doubtful), ...(limited && { limited }) };
}

function estimatedFrom(
  { directed: _, singular, ...numbers }: Numbers,
  statistics: SufficientStatistics,
  directions?: (Columns | undefined)[],
): ComponentEstimates {
  return { ...numbers, statistics, singular: Uint8Array.from(singular), directions };
}

/** Directions do not cross threads. The few components that have some are looked at once more. */
function directionsIn({ directed }: Numbers, question: Question): (Columns | undefined)[] {
  const directions = Array.from(directed, (): Columns | undefined => undefined);
  for (const component of componentsIn(directed)) {
    const alone = judge({
      ...partOf(question, { first: component, end: component + 1 }),
      open: false,
      resolution: null,
    });
    directions[component] = alone.data.directions?.[0];
  }
  return directions;
}

function componentsIn(flags: Float64Array): number[] {
  return [...flags.keys()].filter((component) => flags[component] === 1);
}
