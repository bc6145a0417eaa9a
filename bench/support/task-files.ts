import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { covarianceRow } from "../../packages/core/src/covariance/types.ts";
import { draw } from "../data.ts";
import { writeNpy } from "./npy.ts";
import type { Workload } from "./workloads.ts";

/** Writes points and start where every peer reads them; a folder that goes when `use` is done. */
export async function withTaskFiles<T>(workload: Workload, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "emix-bench-"));
  try {
    write(workload, folder);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(workload: Workload, folder: string): void {
  const { count, features, components, covarianceType } = workload;
  const { points, start } = draw(workload);
  const { matrix, shared } = covarianceRow(covarianceType);
  const each = { triangle: [features, features], diagonal: [features], scalar: [] }[matrix];
  writeNpy(path.join(folder, "points.npy"), points.data, [count, features]);
  writeNpy(path.join(folder, "weights.npy"), start.weights, [components]);
  writeNpy(path.join(folder, "means.npy"), start.means, [components, features]);
  writeNpy(path.join(folder, "covariances.npy"), start.covariances, shared ? each : [components, ...each]);
  writeFileSync(path.join(folder, "covariance-type"), covarianceType);
}
