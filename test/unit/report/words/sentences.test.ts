import { expect, test } from "vitest";
import { groupsOf } from "../../../../packages/report/src/mixture/groups.ts";
import { featuresBySeparation } from "../../../../packages/report/src/mixture/separation.ts";
import { certainty, sentencesOf } from "../../../../packages/report/src/words/sentences.ts";

interface Parts {
  readonly weights: number[];
  readonly means: number[];
  readonly covariances: number[];
  readonly names: string[];
  readonly units?: string[];
}

function sentences({ weights, means, covariances, names, units = names.map(() => "") }: Parts): string[] {
  const groups = groupsOf({ covarianceType: "full", weights, means, covariances });
  const texts = sentencesOf({ rows: 272, groups, names, units, order: featuresBySeparation(groups) });
  return texts.map((text) => text.replace(/[\u00a0\u202f]/g, " "));
}

test("three sentences say how many, what the largest is like, and what tells the groups apart", () => {
  const texts = sentences({
    weights: [0.356, 0.644],
    means: [2.036, 54.48, 4.29, 79.97],
    covariances: [0.069, 0.435, 0.435, 33.7, 0.17, 0.94, 0.94, 36.05],
    names: ["eruptions", "waiting"],
    units: ["min", ""],
  });
  expect(texts).toEqual([
    "The 272 rows fall into 2 groups, with 64 % and 36 % of the rows.",
    "The largest, group 1 (64 % of the rows), has eruptions around 4.29 min and waiting around 80.0.",
    "The groups differ most in eruptions, from around 2.04 min in group 0 to around 4.29 min in group 1.",
  ]);
});

test("one group is not compared with others", () => {
  expect(sentences({ weights: [1], means: [3], covariances: [4], names: ["x"] })).toEqual([
    "One group describes all 272 rows.",
    "It has x around 3.0.",
  ]);
});

test("groups of equal means differ in how they spread", () => {
  const texts = sentences({ weights: [0.5, 0.5], means: [0, 0], covariances: [1, 100], names: ["x"] });
  expect(texts[2]).toBe("The groups hardly differ in their means: they differ in how widely their values spread.");
});

test("of many groups the range of the shares is told", () => {
  const weights = [0.1, 0.2, 0.3, 0.25, 0.15];
  const texts = sentences({ weights, means: [0, 1, 2, 3, 4], covariances: [1, 1, 1, 1, 1], names: ["x"] });
  expect(texts[0]).toBe("The 272 rows fall into 5 groups, with between 10 % and 30 % of the rows each.");
});

test("of many groups of equal shares the share is told once", () => {
  const weights = [0.2, 0.2, 0.2, 0.2, 0.2];
  const texts = sentences({ weights, means: [0, 1, 2, 3, 4], covariances: [1, 1, 1, 1, 1], names: ["x"] });
  expect(texts[0]).toBe("The 272 rows fall into 5 groups, each with 20 % of the rows.");
});

test("certainty counts rows that are sure and rows between groups", () => {
  const plain = (shares: number[]) => certainty(shares).replace(/[\u00a0\u202f]/g, " ");
  expect(plain([1, 0.95, 0.55, 0.7])).toBe(
    "50 % of the rows belong to one group with a probability of at least 0.9. " +
      "1 row lies between groups (all probabilities below 0.6).",
  );
  expect(plain([1, 1])).toBe(
    "Every row belongs to one group with a probability of at least 0.9. " +
      "No row lies between groups (all probabilities below 0.6).",
  );
});
