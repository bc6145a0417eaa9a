import { logarithm } from "../elementary/logarithm.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { evaluateSome } from "../passes/evaluation.ts";
import type { Executor } from "../passes/executor.ts";
import { rowsInStretch } from "../points/stretches.ts";
import { type Cluster, type MergeStage, type Merging, mergeBy, PairTable } from "./merging.ts";

/**
 * Components merged by entropy (Baudry et al. 2010): the two clusters become one whose union lowers the entropy of all points
 * the most. A pass over the points for each merge, some responsibilities at a time.
 * in: a mixture in stored units
 */
export async function mergeByEntropy(executor: Executor, mixture: Mixture): Promise<Merging> {
  const losses = new PairTable();
  let entropy = 0;
  const rule = {
    gain: (one: Cluster, other: Cluster) => losses.get(one, other),
    value: () => entropy,
  };
  const stages = mergeBy(mixture.components, rule);
  for (;;) {
    const stage = stages.next();
    if (stage.done) return stage.value;
    entropy = await lossesOf(executor, mixture, stage.value, losses);
  }
}

/** Takes the losses of pairs with a fresh cluster. out: the entropy of all points over the clusters */
async function lossesOf(
  executor: Executor,
  mixture: Mixture,
  { clusters, fresh }: MergeStage,
  losses: PairTable,
): Promise<number> {
  const { pointWeights } = executor.tiles;
  const { components } = mixture;
  const isFresh = clusters.map((cluster) => fresh.includes(cluster));
  const count = clusters.length;
  const sums = new Float64Array(count * count);
  const shares = new Float64Array(count);
  const present = new Int32Array(count);
  const stretch = rowsInStretch(count ** 2);
  let entropy = 0;
  await evaluateSome(executor, mixture, { quantities: ["responsibilities"] }, async (part, firstPoint) => {
    const { responsibilities } = part;
    for (let row = 0; row * components < responsibilities.length; row++) {
      if (row % stretch === 0) await executor.pause();
      const weight = pointWeights === null ? 1 : pointWeights[firstPoint + row];
      const found = gather(
        responsibilities.subarray(row * components, (row + 1) * components),
        clusters,
        shares,
        present,
      );
      for (let a = 0; a < found; a++) {
        const one = present[a];
        entropy -= weight * timesLog(shares[one]);
        for (let b = 0; b < a; b++) {
          const other = present[b];
          if (!isFresh[one] && !isFresh[other]) continue;
          const together = timesLog(shares[one] + shares[other]);
          sums[one * count + other] += weight * (together - timesLog(shares[one]) - timesLog(shares[other]));
        }
      }
    }
  });
  for (let one = 0; one < count; one++) {
    for (let other = 0; other < one; other++) {
      if (isFresh[one] || isFresh[other]) losses.set(clusters[one], clusters[other], sums[one * count + other]);
    }
  }
  return entropy;
}

/** The shares of a point in clusters. out: shares; present, clusters with a share, rising; how many */
function gather(
  responsibilities: Float64Array,
  clusters: readonly Cluster[],
  shares: Float64Array,
  present: Int32Array,
): number {
  let found = 0;
  for (let cluster = 0; cluster < clusters.length; cluster++) {
    let share = 0;
    for (const component of clusters[cluster]) share += responsibilities[component];
    shares[cluster] = share;
    if (share > 0) present[found++] = cluster;
  }
  return found;
}

/** t log t, 0 at 0 and 1. */
function timesLog(share: number): number {
  return share > 0 && share < 1 ? share * logarithm(share) : 0;
}
