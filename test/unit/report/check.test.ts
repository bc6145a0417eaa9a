import { type ReportData, reportPage } from "@emix/report";
import { expect, test } from "vitest";
import { madeReport } from "../../support/reports.ts";

const report = madeReport({ groups: 2, features: 2, rows: 10 });
const { mixture, sample, fit } = report;

test.each<[string, Partial<ReportData>, string]>([
  ["no column", { columns: [] }, "Expected `columns` of the report to be the names of at least one column, got none."],
  [
    "too few means",
    { mixture: { ...mixture, means: [1, 2, 3] } },
    "Expected `mixture.means` of the report to be of length 4, got length 3.",
  ],
  [
    "a weight that is no number",
    { mixture: { ...mixture, weights: [0.5, Number.NaN] } },
    "Expected `mixture.weights` of the report to be finite numbers, got NaN at index 1.",
  ],
  [
    "a stray label",
    { sample: { ...sample, labels: sample.labels.length === 10 ? [0, 1, 0, 1, 0, 1, 0, 1, 0, 2] : [] } },
    "Expected `sample.labels` of the report to be integers from 0 to 1, got 2.",
  ],
  [
    "no trace of the start that was kept",
    { fit: { ...fit, restart: 3 } },
    "Expected `fit.restart` of the report to be the index of one of 1 traces, got 3.",
  ],
  ["units of another length", { units: ["cm"] }, "Expected `units` of the report to be of length 2, got length 1."],
])("%s is refused", async (_, changes, message) => {
  await expect(reportPage({ ...report, ...changes })).rejects.toMatchObject({ code: "INVALID_OPTION", message });
});

test("more than 4,000 rows are refused", async () => {
  const long = madeReport({ groups: 1, features: 1, rows: 4001 });
  await expect(reportPage(long)).rejects.toThrow(
    "Expected at most 4000 rows in `sample` of the report, got 4001; draw 4000 of them at random.",
  );
});
