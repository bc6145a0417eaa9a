import { greatest, least, type Warning, type WarningCode } from "@emix/core";
import { groupThousands } from "@emix/io";

// The warnings of a fit in words: one line for each kind, however many components or columns it concerns.

/** in: columns, the names of the features */
export function warningLines(warnings: readonly Warning[], columns: readonly string[]): string[] {
  const kinds = Map.groupBy(warnings, ({ code, policy }) => `${code}/${policy}`);
  return [...kinds.values()].map((alike) => lineOf(alike, columns));
}

/** What a warning says about its subject, for one and for several; the whole sentence if there is no subject. */
interface Sentence {
  readonly one: (warning: Warning) => string;
  readonly many: (warning: Warning) => string;
  /** How bad it is; among several, the worst is named. */
  readonly measure?: Measure;
}

interface Measure {
  readonly of: (warning: Warning) => number | undefined;
  readonly worst: "lowest" | "highest";
  readonly words: (value: number) => string;
}

const RANK: Measure = { of: ({ rank }) => rank, worst: "lowest", words: (rank) => `rank ${rank}` };
const RESOLUTION: Measure = {
  of: ({ resolution }) => resolution,
  worst: "highest",
  words: (resolution) => `rounding of ${short(resolution)} standard deviations`,
};

const OUTCOMES: Readonly<Record<NonNullable<Warning["policy"]> | "keep", string>> = {
  reseed: "started again elsewhere",
  drop: "dropped",
  keep: "left with weight 0",
};

const SENTENCES: Readonly<Record<WarningCode, Sentence>> = {
  EMPTY_COMPONENT: {
    one: ({ policy }) => `lost all its points and was ${OUTCOMES[policy ?? "keep"]}`,
    many: ({ policy }) => `lost all their points and were ${OUTCOMES[policy ?? "keep"]}`,
  },
  COLLAPSED_COMPONENT: {
    one: () => "is no wider than the rounding of the data in some direction",
    many: () => "are no wider than the rounding of the data in some direction",
    measure: RANK,
  },
  SINGULAR_COVARIANCE: {
    one: () => "became so thin that regularization widened its covariance",
    many: () => "became so thin that regularization widened their covariances",
    measure: RANK,
  },
  NEAR_RESOLUTION: {
    one: () => "is so thin in some direction that the rounding of the data affects it",
    many: () => "are so thin in some direction that the rounding of the data affects them",
    measure: RESOLUTION,
  },
  CONSTANT_FEATURE: { one: () => "is constant", many: () => "are constant" },
  DEGENERATE_DATA: always(() => "all points are the same"),
  MISSING_POINTS: always(({ points = 0 }) => `${groupThousands(points)} rows with missing values were left out`),
  NON_MONOTONE: always(
    ({ fall = 0 }) => `the log-likelihood fell by ${short(fall)} a point; rounding or --ridge can do that`,
  ),
  NOT_CONVERGED: {
    ...always(
      ({ lastIteration = 0 }) =>
        `stopped after ${lastIteration} ${lastIteration === 1 ? "iteration" : "iterations"}, before the fit had converged; give more by --max-iterations`,
    ),
    measure: { of: ({ change }) => change, worst: "highest", words: (change) => `last change ${short(change)}` },
  },
  TIME_BUDGET: always(
    ({ lastIteration = 0 }) =>
      `the time ran out after ${lastIteration} ${lastIteration === 1 ? "iteration" : "iterations"}; the mixture is the best so far`,
  ),
  KERNEL_FALLBACK: always(() => "the simd256 kernel is not available here; the simd kernel was used"),
};

function always(sentence: (warning: Warning) => string): Sentence {
  return { one: sentence, many: sentence };
}

function lineOf(alike: readonly Warning[], columns: readonly string[]): string {
  const [warning] = alike;
  const { one, many, measure } = SENTENCES[warning.code];
  const subject = subjectOf(alike, columns);
  const sentence = alike.length === 1 ? one(warning) : many(warning);
  const facts = [...namesOf(alike, columns), ...(measure ? worstOf(alike, measure) : []), ...iterationsOf(alike)];
  return `warning: ${subject}${sentence}${facts.length > 0 ? ` (${facts.join("; ")})` : ""} [${warning.code}]`;
}

function subjectOf(alike: readonly Warning[], columns: readonly string[]): string {
  const [{ component, feature }] = alike;
  if (component !== undefined) return alike.length === 1 ? `component ${component} ` : `${alike.length} components `;
  if (feature !== undefined) return alike.length === 1 ? `column ${columns[feature]} ` : `${alike.length} columns `;
  return "";
}

/** How many names a line lists before it leaves out the rest. */
const LISTED = 3;

/** The components or columns, if the subject says only how many there are. */
function namesOf(alike: readonly Warning[], columns: readonly string[]): string[] {
  if (alike.length === 1) return [];
  const names = alike.flatMap(({ component, feature }) => component ?? (feature === undefined ? [] : columns[feature]));
  if (names.length === 0) return [];
  return [[...names.slice(0, LISTED), ...(names.length > LISTED ? ["…"] : [])].join(", ")];
}

function worstOf(alike: readonly Warning[], { of, worst, words }: Measure): string[] {
  const sign = worst === "lowest" ? 1 : -1;
  const sorted = alike
    .map((warning) => ({ value: of(warning), component: warning.component }))
    .filter((each): each is { value: number; component: number | undefined } => each.value !== undefined)
    .sort((a, b) => sign * (a.value - b.value));
  if (sorted.length === 0) return [];
  const [{ value, component }] = sorted;
  return [alike.length === 1 ? words(value) : `${worst} ${words(value)}, component ${component}`];
}

/** The first and the last iteration; nothing if the warning concerns no component and no iteration. */
function iterationsOf(alike: readonly Warning[]): string[] {
  const [{ code, component }] = alike;
  if (component === undefined && code !== "NON_MONOTONE") return [];
  const first = least(alike.map(({ firstIteration = 0 }) => firstIteration));
  const last = greatest(alike.map(({ lastIteration = 0 }) => lastIteration));
  return [first === last ? `iteration ${first}` : `iterations ${first} to ${last}`];
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
