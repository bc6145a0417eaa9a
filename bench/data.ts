import type { MixtureParameters } from "@emix/core";
import { covarianceRow } from "../packages/core/src/covariance/types.ts";
import { dirichlet, gamma, type RandomNumbers, randomNumbers, rotation } from "./support/random.ts";
import type { Shape, Workload } from "./support/workloads.ts";

/** Points as every system gets them, n × d row-major, and the mixture that all start from. */
export interface Drawn {
  readonly points: { readonly data: Float64Array | Float32Array; readonly features: number };
  readonly start: Start;
}

export interface Start extends MixtureParameters {
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly covariances: Float64Array;
}

/** The mixture that points are drawn from: x = centre + A z, A = rotation × √U(0.3, 2). */
interface Source {
  readonly cumulativeWeights: Float64Array;
  readonly centres: Float64Array;
  /** k × d × d */
  readonly factors: Float64Array;
}

/** The same workload is the same bytes in every process and on every machine. */
export function draw(workload: Workload): Drawn {
  const seed = `${workload.count}×${workload.features}/${workload.components}/${workload.spread}/${workload.shape}`;
  const random = randomNumbers(seed);
  const source = drawSource(workload, random);
  const { data, labels } = drawPoints(workload, source, random);
  return { points: { data, features: workload.features }, start: startOf(workload, data, labels, random) };
}

function drawSource({ components, features, spread }: Workload, random: RandomNumbers): Source {
  const centres = new Float64Array(components * features);
  random.fillNormal(centres);
  const factors = new Float64Array(components * features * features);
  for (let c = 0; c < components; c++) factors.set(drawFactor(features, random), c * features * features);
  let sum = 0;
  const cumulativeWeights = dirichlet(random, components, 5).map((weight) => {
    sum += weight;
    return sum;
  });
  return { cumulativeWeights, centres: centres.map((coordinate) => coordinate * spread), factors };
}

function drawFactor(features: number, random: RandomNumbers): Float64Array {
  const deviations = Float64Array.from({ length: features }, () => Math.sqrt(0.3 + 1.7 * random.uniform()));
  return rotation(random, features).map((entry, i) => entry * deviations[i % features]);
}

function drawPoints(workload: Workload, source: Source, random: RandomNumbers) {
  const { count, features, dtype } = workload;
  const data = dtype === "f64" ? new Float64Array(count * features) : new Float32Array(count * features);
  const labels = new Uint16Array(count);
  const z = new Float64Array(features);
  const x = new Float64Array(features);
  const deform = DEFORMATIONS[workload.shape];
  for (let row = 0; row < count; row++) {
    const component = pick(source.cumulativeWeights, random.uniform());
    labels[row] = component;
    random.fillNormal(z);
    deform.noise?.(z, random);
    place(source, component, z, x);
    deform.point?.(x, row, random);
    data.set(x, row * features);
  }
  return { data, labels };
}

/** x ← centre + A z */
function place({ centres, factors }: Source, component: number, z: Float64Array, x: Float64Array): void {
  const features = z.length;
  let index = component * features * features;
  for (let i = 0; i < features; i++) {
    let sum = centres[component * features + i];
    for (let j = 0; j < features; j++) sum += factors[index++] * z[j];
    x[i] = sum;
  }
}

/** First index whose cumulative weight exceeds `share`. */
function pick(cumulativeWeights: Float64Array, share: number): number {
  let low = 0;
  let high = cumulativeWeights.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulativeWeights[middle] > share) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface Deformation {
  noise?(z: Float64Array, random: RandomNumbers): void;
  point?(x: Float64Array, row: number, random: RandomNumbers): void;
}

const DEFORMATIONS: Readonly<Record<Shape, Deformation>> = {
  gaussian: {},

  /** Student's t with 2 degrees of freedom: no variance */
  "heavy-tailed": {
    noise(z, random) {
      const stretch = 1 / Math.sqrt(gamma(random, 1));
      for (let j = 0; j < z.length; j++) z[j] *= stretch;
    },
  },

  /** the last feature is the first, but for 1e-6 */
  "near-singular": {
    point(x, _row, random) {
      x[x.length - 1] = x[0] + 1e-6 * (random.uniform() - 0.5);
    },
  },

  /** whole numbers: few distinct values, many ties */
  grid: {
    point(x) {
      for (let j = 0; j < x.length; j++) x[j] = Math.round(x[j]);
    },
  },

  /** every third point is one and the same */
  degenerate: {
    point(x, row) {
      if (row % 3 === 0) x.fill(1);
    },
  },
};

function startOf(workload: Workload, data: ArrayLike<number>, labels: Uint16Array, random: RandomNumbers): Start {
  const { components, features, covarianceType, start } = workload;
  const separate = start === "one of each";
  const chosen = separate ? oneOfEach(labels, components) : randomRows(workload, random);
  const means = Float64Array.from({ length: components * features }, (_, i) => {
    return data[chosen[Math.floor(i / features)] * features + (i % features)];
  });
  return {
    covarianceType,
    weights: new Float64Array(components).fill(1 / components),
    means,
    covariances: isotropic(workload, separate ? 1 : meanVariance(data, features)),
  };
}

function oneOfEach(labels: Uint16Array, components: number): number[] {
  return Array.from({ length: components }, (_, component) => {
    const row = labels.indexOf(component);
    if (row < 0) throw new Error(`No point of component ${component} was drawn: raise the count.`);
    return row;
  });
}

function randomRows({ count, components }: Workload, random: RandomNumbers): number[] {
  const rows = new Set<number>();
  while (rows.size < components) rows.add(Math.floor(random.uniform() * count));
  return [...rows];
}

function meanVariance(data: ArrayLike<number>, features: number): number {
  const sums = new Float64Array(features);
  for (let i = 0; i < data.length; i++) sums[i % features] += data[i];
  const means = sums.map((sum) => sum / (data.length / features));
  let squares = 0;
  for (let i = 0; i < data.length; i++) squares += (data[i] - means[i % features]) ** 2;
  return squares / data.length;
}

/** Covariances of one variance in every direction, as `GaussianMixture.fromParameters` takes them. */
function isotropic({ components, features, covarianceType }: Workload, variance: number): Float64Array {
  const { matrix, shared } = covarianceRow(covarianceType);
  const matrices = shared ? 1 : components;
  if (matrix === "scalar") return new Float64Array(matrices).fill(variance);
  if (matrix === "diagonal") return new Float64Array(matrices * features).fill(variance);
  return Float64Array.from({ length: matrices * features * features }, (_, i) => {
    const entry = i % (features * features);
    return entry % (features + 1) === 0 ? variance : 0;
  });
}
