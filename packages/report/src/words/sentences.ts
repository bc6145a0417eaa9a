import type { Groups } from "../mixture/groups.ts";
import { separation } from "../mixture/separation.ts";
import { listNames } from "./names.ts";
import { around, count, countOf, percent } from "./numbers.ts";

/** What sentences are about. */
export interface Subject {
  readonly rows: number;
  readonly groups: Groups;
  /** d */
  readonly names: readonly string[];
  /** d; "" for none */
  readonly units: readonly string[];
  /** features, those in which the groups differ most first */
  readonly order: readonly number[];
}

/** The most features that a sentence lists. */
const LISTED = 3;
/** Up to this many groups, all shares are listed. */
const SHARES_LISTED = 4;
/** A ratio of variances below which groups hardly differ in a feature. */
const HARDLY = 0.05;

/** What was found, in three sentences at most. */
export function sentencesOf(subject: Subject): string[] {
  if (subject.groups.count === 1) {
    const one =
      subject.rows === 0 ? "The mixture has one group." : `One group describes all ${countOf(subject.rows, "row")}.`;
    return [one, largest(subject)];
  }
  return [shares(subject), largest(subject), difference(subject)];
}

function shares({ rows, groups }: Subject): string {
  const listedShares = groups.heaviest.map((c) => percent(groups.weights[c]));
  const subject = rows === 0 ? "The mixture has" : `The ${countOf(rows, "row")} fall into`;
  const start = `${subject} ${count(groups.count)} groups`;
  if (groups.count <= SHARES_LISTED) return `${start}, with ${listNames(listedShares)} of the rows.`;
  if (listedShares[groups.count - 1] === listedShares[0]) return `${start}, each with ${listedShares[0]} of the rows.`;
  return `${start}, with between ${listedShares[groups.count - 1]} and ${listedShares[0]} of the rows each.`;
}

function largest({ groups, names, units, order }: Subject): string {
  const group = groups.heaviest[0];
  const features = order.slice(0, LISTED);
  const places = features.map((j) => `${names[j]} around ${place(groups, group, j, units)}`);
  const subject =
    groups.count === 1 ? "It" : `The largest, group ${group} (${percent(groups.weights[group])} of the rows),`;
  return `${subject} has ${listNames(places)}.`;
}

function difference({ groups, names, units, order }: Subject): string {
  const [feature] = order;
  if (!(separation(groups, feature) > HARDLY)) {
    return "The groups hardly differ in their means: they differ in how widely their values spread.";
  }
  const ascending = [...groups.heaviest].sort((a, b) => groups.mean(a, feature) - groups.mean(b, feature));
  const [low, high] = [ascending[0], ascending[groups.count - 1]];
  const at = (group: number) => place(groups, group, feature, units);
  return (
    `The groups differ most in ${names[feature]}, ` +
    `from around ${at(low)} in group ${low} to around ${at(high)} in group ${high}.`
  );
}

function place(groups: Groups, group: number, feature: number, units: readonly string[]): string {
  const unit = units[feature] === "" ? "" : `\u00a0${units[feature]}`;
  return around(groups.mean(group, feature), groups.deviation(group, feature)) + unit;
}

/** How sure the grouping is, from the responsibilities of a sample. */
export function certainty(maxResponsibilities: readonly number[]): string {
  const sure = maxResponsibilities.filter((share) => share >= 0.9).length / maxResponsibilities.length;
  const unsure = maxResponsibilities.filter((share) => share < 0.6).length;
  const start = sure === 1 ? "Every row" : sure === 0 ? "No row" : `${percent(sure)} of the rows`;
  const verb = sure === 1 || sure === 0 ? "belongs" : "belong";
  const rest = unsure === 0 ? "No row lies" : `${countOf(unsure, "row")} ${unsure === 1 ? "lies" : "lie"}`;
  return `${start} ${verb} to one group with a probability of at least 0.9. ${rest} between groups (all probabilities below 0.6).`;
}
