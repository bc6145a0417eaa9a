import { grouped } from "@emix/io";
import type { SelectionCriterion, SelectionRow } from "../../selection.ts";
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
  return [
    table([
      [criterion.toUpperCase(), ...types],
      ...counts.map((components) => [`${components}`, ...types.map((type) => cell(components, type))]),
    ]),
    "",
    `components down, covariance types across; lower is better, * is the best${legend(rows)}`,
  ].join("\n");
}

function cellOf(row: SelectionRow, best: boolean, criterion: SelectionCriterion): string {
  const value = row[criterion];
  if (value === null) return "failed  ";
  const text = grouped(value, 1);
  return `${text}${best ? "*" : " "}${markOf(row)}`;
}

function markOf({ collapsed, converged }: SelectionRow): string {
  if (collapsed) return "c";
  return converged ? " " : "~";
}

/** What the marks that are there mean. */
function legend(rows: readonly SelectionRow[]): string {
  const fitted = rows.filter(({ failure }) => failure === undefined);
  return [
    ...(fitted.some(({ collapsed }) => collapsed) ? ["; c: a component collapsed, so its number says little"] : []),
    ...(fitted.some(({ converged, collapsed }) => !converged && !collapsed) ? ["; ~: not converged"] : []),
  ].join("");
}
