import { groupThousands } from "@emix/io";
import type { Command } from "commander";
import type { InputOptions } from "../input.ts";
import { readModel } from "../model.ts";
import type { QuietFlag } from "../reading.ts";
import type { ClusterFlags } from "./cluster-flags.ts";
import { loadOn, withCluster } from "./with-cluster.ts";

interface ClusterPredictFlags extends InputOptions, QuietFlag, ClusterFlags {
  readonly cluster: string;
  readonly output?: string;
  readonly proba?: boolean;
  readonly top?: number;
  readonly threads?: number;
}

/** Has workers write the components of the rows of files. */
export async function predictOnCluster(
  modelPath: string,
  path: string,
  flags: ClusterPredictFlags,
  command: Command,
): Promise<void> {
  const { output, top, proba, quiet } = flags;
  if (output?.split("*").length !== 2) {
    command.error(
      "error: with --cluster, --output needs a *, which stands for the name of a file: -o 'labels/*.parquet'",
    );
  }
  if (flags.missing === "marginal") {
    command.error("error: --missing marginal does not go with --cluster; take error or drop");
  }
  const model = await readModel(modelPath);
  await withCluster(flags, async (cluster, signal) => {
    const points = await loadOn(cluster, path, { flags, of: model, signal });
    const asked = { ...(top !== undefined && { top }), ...(proba !== undefined && { probabilities: proba }) };
    const written = await cluster.predict(points, { mixture: model.mixture, output, signal, ...asked });
    if (quiet) return;
    for (const { path, rows } of written) process.stderr.write(`emix: wrote ${groupThousands(rows)} rows to ${path}\n`);
  });
}
