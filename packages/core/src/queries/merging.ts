/** Components merged into clusters, two clusters at a time, from each component by itself to all together. */
export interface Merging {
  /** k clusterings, the finest first */
  readonly clusterings: readonly Clustering[];
}

/** Components in clusters. */
export interface Clustering {
  /** how many there are */
  readonly clusters: number;
  /** k: the cluster of each component, numbered in the order of their first components */
  readonly clusterOf: Int32Array;
  /**
   * By overlap, that of the two clusters which are most alike, from 0 to 1; 0 for one cluster. By entropy, that of all points
   * over the clusters, in nats.
   */
  readonly value: number;
}

/** A rising list of components. */
export type Cluster = readonly number[];

/** What clusters are merged by. */
export interface MergeRule {
  /** how much speaks for merging two clusters */
  gain(one: Cluster, other: Cluster): number;
  /** The value of a clustering. in: most, the greatest gain; null for one cluster */
  value(most: number | null): number;
}

/** Clusters, some of which are new: the gains of these are asked for next. */
export interface MergeStage {
  readonly clusters: readonly Cluster[];
  readonly fresh: readonly Cluster[];
}

interface Pair {
  readonly one: number;
  readonly other: number;
  readonly gain: number;
}

/** Merges clusters, the two with the greatest gain first, the first of a tie. Yields each stage before its gains are asked for. */
export function* mergeBy(components: number, rule: MergeRule): Generator<MergeStage, Merging, void> {
  const clusterings: Clustering[] = [];
  let clusters: Cluster[] = Array.from({ length: components }, (_, component) => [component]);
  let fresh = clusters;
  for (;;) {
    yield { clusters, fresh };
    const best = bestPair(clusters, rule);
    clusterings.push(clusteringOf(clusters, components, rule.value(best?.gain ?? null)));
    if (best === null) return { clusterings };
    const { one, other } = best;
    const union = [...clusters[one], ...clusters[other]].sort((a, b) => a - b);
    clusters = clusters.map((cluster, i) => (i === one ? union : cluster)).filter((_, i) => i !== other);
    fresh = [union];
  }
}

function bestPair(clusters: readonly Cluster[], rule: MergeRule): Pair | null {
  let best: Pair | null = null;
  for (let one = 0; one < clusters.length; one++) {
    for (let other = one + 1; other < clusters.length; other++) {
      const gain = rule.gain(clusters[one], clusters[other]);
      if (best === null || gain > best.gain) best = { one, other, gain };
    }
  }
  return best;
}

function clusteringOf(clusters: readonly Cluster[], components: number, value: number): Clustering {
  const clusterOf = new Int32Array(components);
  clusters.forEach((cluster, index) => {
    for (const component of cluster) clusterOf[component] = index;
  });
  return { clusters: clusters.length, clusterOf, value };
}

/** Numbers for pairs of clusters, in whatever order the two are asked for. */
export class PairTable {
  readonly #rows = new Map<Cluster, Map<Cluster, number>>();

  get(one: Cluster, other: Cluster): number {
    return this.#rows.get(one)?.get(other) ?? this.#rows.get(other)?.get(one) ?? 0;
  }

  set(one: Cluster, other: Cluster, value: number): void {
    const row = this.#rows.get(one) ?? new Map<Cluster, number>();
    this.#rows.set(one, row.set(other, value));
  }
}
