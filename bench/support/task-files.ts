import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
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
  const shapes = {
    full: [components, features, features],
    tied: [features, features],
    diag: [components, features],
    spherical: [components],
  };
  writeNpy(path.join(folder, "points.npy"), points.data, [count, features]);
  writeNpy(path.join(folder, "weights.npy"), start.weights, [components]);
  writeNpy(path.join(folder, "means.npy"), start.means, [components, features]);
  writeNpy(path.join(folder, "covariances.npy"), start.covariances, shapes[covarianceType]);
  writeFileSync(path.join(folder, "covariance-type"), covarianceType);
}
