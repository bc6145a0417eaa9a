import { matrixLength } from "../covariance/shape.ts";
import { covarianceRow } from "../covariance/types.ts";
import type { Columns } from "../linear-algebra/low-rank.ts";
import type { StatisticsLayout, SufficientStatistics } from "../statistics/sufficient-statistics.ts";
import type { Estimated } from "./estimate.ts";
import { type Judgement, judgementOn, type Question } from "./judgement.ts";
import { partOf } from "./part.ts";

// Judgements as numbers, in memory that threads may share: each writes what it finds of some components.

/** The numbers of an estimate, k times as many as `widthsOf` says. */
interface Numbers extends Readonly<Record<keyof Omit<Estimated, "statistics" | "directions">, Float64Array>> {
  /** k: 1 where directions are known, which are not kept */
  readonly directed: Float64Array;
}

/** What was found of the components of a question. */
export interface Findings {
  readonly data: Numbers;
  /** null: there is no prior */
  readonly met: Numbers | null;
  /** k: 1 or 0 */
  readonly doubtful: Float64Array;
}

function widthsOf({ features, covarianceType }: StatisticsLayout): { readonly [N in keyof Numbers]: number } {
  const matrix = matrixLength(covarianceRow(covarianceType).matrix, features);
  return {
    ...{ masses: 1, shifts: features, means: features, meansResidual: features },
    ...{ packedCovariances: matrix, factors: matrix, inflations: 1, singular: 1, directed: 1 },
  };
}

/** How many bytes the findings of a component take. */
export function findingsBytes({ statistics, belief }: Question): number {
  const one = Object.values(widthsOf(statistics.layout)).reduce((sum, width) => sum + width, 0);
  return 8 * (one * (belief === null ? 1 : 2) + 1);
}

/** Room for findings. in: memory, of `findingsBytes` for each component, with any content */
export function findingsIn(memory: ArrayBufferLike, { statistics: { layout }, belief }: Question): Findings {
  let offset = 0;
  const numbers = (width: number) => {
    const array = new Float64Array(memory, offset, width * layout.components);
    offset += array.byteLength;
    return array;
  };
  const estimated = () =>
    Object.fromEntries(Object.entries(widthsOf(layout)).map(([name, width]) => [name, numbers(width)])) as {
      [N in keyof Numbers]: Float64Array;
    };
  return { data: estimated(), met: belief === null ? null : estimated(), doubtful: numbers(1) };
}

/** Writes the judgement on some components, from `first` on. */
export function writeJudgement({ data, met, doubtful }: Judgement, first: number, to: Findings): void {
  write(numbersOf(data), first, to.data);
  if (to.met !== null) write(numbersOf(met), first, to.met);
  to.doubtful.fill(0, first, first + data.masses.length);
  for (const component of doubtful) to.doubtful[first + component] = 1;
}

/** Copies what was found of some components, from `first` on. */
export function copyFindings({ data, met, doubtful }: Findings, first: number, to: Findings): void {
  write(data, first, to.data);
  if (met !== null && to.met !== null) write(met, first, to.met);
  to.doubtful.set(doubtful, first);
}

type Written = { readonly [N in keyof Numbers]: ArrayLike<number> };

function numbersOf({ statistics: _, directions, ...numbers }: Estimated): Written {
  const directed = Array.from(numbers.masses, (_mass, i) => Number(directions?.[i] !== undefined));
  return { ...numbers, directed };
}

function write(numbers: Written, first: number, to: Numbers): void {
  const components = numbers.masses.length;
  for (const name of Object.keys(to) as (keyof Numbers)[]) {
    to[name].set(numbers[name], first * (numbers[name].length / components));
  }
}

/** The judgement that findings hold; its arrays are theirs. */
export function judgementFrom(findings: Findings, question: Question): Judgement {
  const { statistics } = question;
  const data = estimatedFrom(findings.data, statistics, directionsIn(findings.data, question));
  const met = findings.met === null ? data : estimatedFrom(findings.met, statistics);
  return { data, met, doubtful: componentsIn(findings.doubtful) };
}

function estimatedFrom(
  { directed: _, singular, ...numbers }: Numbers,
  statistics: SufficientStatistics,
  directions?: (Columns | undefined)[],
): Estimated {
  return { ...numbers, statistics, singular: Uint8Array.from(singular), directions };
}

/** Directions do not cross threads. The few components that have some are looked at once more. */
function directionsIn({ directed }: Numbers, question: Question): (Columns | undefined)[] {
  const directions = Array.from(directed, (): Columns | undefined => undefined);
  for (const component of componentsIn(directed)) {
    const alone = judgementOn({ ...partOf(question, { first: component, end: component + 1 }), open: false });
    directions[component] = alone.data.directions?.[0];
  }
  return directions;
}

function componentsIn(flags: Float64Array): number[] {
  return [...flags.keys()].filter((component) => flags[component] === 1);
}
