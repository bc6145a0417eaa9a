import { scatterLength } from "../../covariance/shape.ts";
import { compensatedSums } from "../../linear-algebra/compensated-sum.ts";
import { RowSums, rowLayout } from "../../statistics/rows.ts";
import type { BlockTask, RowsPass } from "../pass.ts";

/** Adds the rows of the components [first, end), each by the tree of blocks. */
export function rows({ layout, rows, total }: RowsPass): BlockTask {
  const { features, covarianceType } = layout;
  const row = rowLayout(layout);
  const own = compensatedSums(row.length);
  const matrix = scatterLength(1, features, covarianceType);
  return (first, end) => {
    const sums = new RowSums(rows, first);
    for (let component = first; component < end; component++) {
      sums.take(component, own);
      for (const part of ["sums", "errors"] as const) {
        const [from, to] = [own[part], total[part]];
        to[layout.responsibilitySums + component] = from[row.responsibilitySums];
        to.set(from.subarray(row.weightedSums, row.scatter), layout.weightedSums + component * features);
        to.set(from.subarray(row.scatter), layout.scatter + component * matrix);
      }
    }
  };
}
