import { exponential } from "../elementary/exponential.ts";
import { triangleLength, triangleRow } from "../linear-algebra/triangle.ts";
import { factorizeMixture, type Mixture } from "../mixture/mixture.ts";
import { bhattacharyyaDistances, componentTriangles } from "../mixture/overlap.ts";
import { type Cluster, type Merging, mergeBy, PairTable } from "./merging.ts";

/**
 * Components merged by their overlap exp(−d), where d is the Bhattacharyya distance (Hennig 2010, §4.2): the two clusters
 * with the greatest overlap become one. A cluster counts as one Gaussian with the mean and covariance of its components.
 */
export function mergeByOverlap(mixture: Mixture): Merging {
  const overlaps = new PairTable();
  const gaussians = new Map<Cluster, Mixture>();
  const rule = {
    gain: (one: Cluster, other: Cluster) => overlaps.get(one, other),
    value: (most: number | null) => most ?? 0,
  };
  const stages = mergeBy(mixture.components, rule);
  for (;;) {
    const stage = stages.next();
    if (stage.done) return stage.value;
    const { clusters, fresh } = stage.value;
    for (const cluster of fresh) gaussians.set(cluster, gaussianOf(mixture, cluster));
    for (const cluster of fresh) {
      for (const other of clusters) {
        const [one, two] = [gaussians.get(cluster), gaussians.get(other)];
        if (one === undefined || two === undefined || other === cluster) continue;
        overlaps.set(cluster, other, exponential(-bhattacharyyaDistances(one, two)[0]));
      }
    }
  }
}

/** One Gaussian with the mean and covariance of some components together. */
function gaussianOf(mixture: Mixture, cluster: Cluster): Mixture {
  const { features, weights, means, meansResidual } = mixture;
  const total = cluster.reduce((sum, component) => sum + weights[component], 0);
  const share = (component: number) => (total > 0 ? weights[component] / total : 1 / cluster.length);
  const [first] = cluster;
  // Means are taken from the first one's, so that nothing cancels where they lie far from 0.
  const away = (component: number) =>
    Float64Array.from({ length: features }, (_, j) => {
      const [i, from] = [component * features + j, first * features + j];
      return means[i] - means[from] + (meansResidual[i] - meansResidual[from]);
    });
  const moves = cluster.map(away);
  const centre = new Float64Array(features);
  cluster.forEach((component, c) => {
    for (let j = 0; j < features; j++) centre[j] += share(component) * moves[c][j];
  });
  const covariance = new Float64Array(triangleLength(features));
  const triangles = componentTriangles(mixture);
  cluster.forEach((component, c) => {
    for (let i = 0; i < features; i++) {
      for (let j = 0; j <= i; j++) {
        const outer = (moves[c][i] - centre[i]) * (moves[c][j] - centre[j]);
        covariance[triangleRow(i) + j] += share(component) * (triangles[component][triangleRow(i) + j] + outer);
      }
    }
  });
  return factorizeMixture({
    ...{ components: 1, features, covarianceType: "full", weights: Float64Array.of(1) },
    means: centre.map((value, j) => means[first * features + j] + value),
    meansResidual: meansResidual.slice(first * features, (first + 1) * features),
    packedCovariances: covariance,
  });
}
