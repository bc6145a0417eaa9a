import { invalidOption } from "../errors.ts";
import type { Mixture } from "../mixture/mixture.ts";
import { evaluateSome } from "../passes/evaluation.ts";
import type { Executor } from "../passes/executor.ts";

/** The cluster with the greatest share of each point, the lower one of a tie. in: a mixture in stored units. out: n */
export async function clusterLabels(executor: Executor, mixture: Mixture, clusterOf: Int32Array): Promise<Int32Array> {
  const labels = new Int32Array(executor.tiles.count);
  await evaluateSome(executor, mixture, { quantities: ["responsibilities"] }, ({ responsibilities }, firstPoint) => {
    labels.set(labelsFrom(responsibilities, clusterOf), firstPoint);
  });
  return labels;
}

/** in: responsibilities, n × k. out: n */
export function labelsFrom(responsibilities: Float64Array, clusterOf: Int32Array): Int32Array {
  const components = clusterOf.length;
  const labels = new Int32Array(responsibilities.length / components);
  const shares = new Float64Array(clusterOf.reduce((most, cluster) => Math.max(most, cluster), 0) + 1);
  for (let row = 0; row < labels.length; row++) {
    shares.fill(0);
    for (let c = 0; c < components; c++) shares[clusterOf[c]] += responsibilities[row * components + c];
    let best = 0;
    for (let cluster = 1; cluster < shares.length; cluster++) if (shares[cluster] > shares[best]) best = cluster;
    labels[row] = best;
  }
  return labels;
}

/** The cluster of each component, checked. @throws INVALID_OPTION */
export function requireClusters(clusterOf: unknown, components: number): Int32Array {
  const given = typeof clusterOf === "object" && clusterOf !== null ? (clusterOf as ArrayLike<unknown>) : [];
  const isCluster = (one: unknown) => Number.isInteger(one) && (one as number) >= 0 && (one as number) < components;
  if (given.length !== components || !Array.from(given).every(isCluster)) {
    const expected = `the cluster of each of ${components} components, from 0 to ${components - 1}`;
    throw invalidOption("clusterOf", expected, clusterOf);
  }
  return Int32Array.from(given as ArrayLike<number>);
}
