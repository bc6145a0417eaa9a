import { greatest, least } from "@emix/core";
import { groupThousands } from "@emix/io";
import { sparkline } from "@emix/report";
import { lossOf, type SelectionCriterion, type SelectionRow } from "../../selection/models.ts";
import { table } from "./table.ts";

/** What a criterion says of every model: a row for each number of components, a column for each covariance type. */
export function selectionTable(
  rows: readonly SelectionRow[],
  best: SelectionRow,
  criterion: SelectionCriterion,
): string {
  const types = [...new Set(rows.map(({ covarianceType }) => covarianceType))];
  const counts = [...new Set(rows.map(({ components }) => components))];
  const cell = (components: number, type: string) => {
    const row = rows.find((each) => each.components === components && each.covarianceType === type);
    return row === undefined ? "" : cellOf(row, row === best, criterion);
  };
  const shape = (type: string) => sparkline(heightsOf(rows, type, criterion));
  return [
    table([
      [NAMES[criterion], ...types],
      ...counts.map((components) => [`${components}`, ...types.map((type) => cell(components, type))]),
      ["", ...types.map((type) => `${shape(type)}  `)],
    ]),
    "",
    `components down, covariance types across; ${criterion === "held-out" ? "higher" : "lower"} is better, * is the best${legend(rows)}`,
    "the last line draws each column, its best number lowest",
  ].join("\n");
}

const NAMES: Readonly<Record<SelectionCriterion, string>> = {
  bic: "BIC",
  aic: "AIC",
  icl: "ICL",
  "held-out": "held out",
};

/** How far each model of a type is from the best of them. */
function heightsOf(rows: readonly SelectionRow[], type: string, criterion: SelectionCriterion): number[] {
  const losses = rows
    .filter(({ covarianceType, skipped }) => covarianceType === type && !skipped)
    .map((row) => lossOf(row, criterion));
  const finite = losses.filter((loss) => loss < Number.POSITIVE_INFINITY);
  if (finite.length === 0) return [];
  const [low, high] = [least(finite), greatest(finite)];
  // The best is drawn too, by the lowest block.
  return losses.map((loss) => Math.min(loss, high) - low + (high - low) / 8);
}

function cellOf(row: SelectionRow, best: boolean, criterion: SelectionCriterion): string {
  const loss = lossOf(row, criterion);
  if (row.skipped) return "–  ";
  if (loss === Number.POSITIVE_INFINITY) return "failed  ";
  const text = criterion === "held-out" ? (-loss).toFixed(4) : groupThousands(loss, 1);
  return `${text}${best ? "*" : " "}${markOf(row)}`;
}

function markOf({ collapsed, converged }: SelectionRow): string {
  if (collapsed) return "c";
  return converged ? " " : "~";
}

/** What the marks that are there mean. */
function legend(rows: readonly SelectionRow[]): string {
  const fitted = rows.filter(({ failure, skipped }) => failure === undefined && !skipped);
  return [
    ...(fitted.some(({ collapsed }) => collapsed) ? ["; c: a component collapsed, so its number says little"] : []),
    ...(fitted.some(({ converged, collapsed }) => !converged && !collapsed) ? ["; ~: not converged, or given up"] : []),
    ...(rows.some(({ skipped }) => skipped) ? ["; –: skipped, as it could not be the best"] : []),
  ].join("");
}
