import {
  type Covariances,
  matrixOf,
  regularizeCovariances,
  roomForCovariances,
  type Shape,
  sumCovariances,
} from "../covariance/covariances.ts";
import type { ManyTriangles } from "../covariance/estimates/many-triangles.ts";
import { matrixForm } from "../covariance/forms.ts";
import type { Matrix, Term } from "../covariance/matrix.ts";
import { covarianceRow } from "../covariance/types.ts";
import { twoSumError } from "../elementary/rounding.ts";
import { inflationsInFrames } from "../statistics/frames.ts";
import type { ComponentEstimates } from "./estimate.ts";

/**
 * The conjugate prior of a mixture (derivation.md §12), in stored units. Weights have a Dirichlet distribution or a
 * stick-breaking process, means are normal about one mean, and covariances are inverse Wishart (variances: inverse χ²).
 */
export interface Conjugate {
  /** α₀ */
  readonly weightConcentration: number;
  /** β₀ */
  readonly meanPrecision: number;
  /** ν₀ */
  readonly degreesOfFreedom: number;
  /** m₀ as two doubles, d */
  readonly means: Float64Array;
  readonly meansResidual: Float64Array;
  /** Ψ₀ of one component */
  readonly scatter: Matrix;
  /** d, variances that are added to those of the points before the prior: scikit-learn's `reg_covar` */
  readonly ridges: Float64Array;
}

/** How much the prior counts for a covariance. */
export interface PriorCounts {
  /** how many points it stands for */
  readonly points: number;
  /**
   * how many times Ψ₀ enters the scatter from which the covariance is made (eq. 32 and 36), as a variance for diagonals
   * and scalars
   */
  readonly scatters: number;
}

/** A prior with what it counts for. */
export interface Belief {
  readonly conjugate: Conjugate;
  readonly counts: PriorCounts;
  /** Does the bound ask for the covariances that the points alone give? */
  readonly asksPoints: boolean;
}

/** Does hardly anything ask for the factors that the points alone give? Then they are refined where something does. */
export function sparesFactors({ asksPoints, conjugate }: Belief): boolean {
  return !(asksPoints || conjugate.ridges[0] > 0);
}

/**
 * Adds the prior to the means and covariances that the points give (derivation.md eq. 32 and 36). In the result,
 * `masses` are what each covariance rests on, prior and points together, and `shifts` are scaled by what a move of a
 * mean still weighs in it.
 * in: rough, whether the factors of the points were left as rounding leaves them
 */
export function blendConjugate(
  data: ComponentEstimates,
  { conjugate: prior, counts }: Omit<Belief, "asksPoints">,
  rough = false,
  many: ManyTriangles | null = null,
): ComponentEstimates {
  const { layout } = data.statistics;
  const { components, features, covarianceType } = layout;
  const { masses } = data;
  const offsets = offsetsFrom(data, prior);
  const points = rough ? refinedLater(data) : withRidges(data, layout, prior);
  const ridged = !rough && prior.ridges[0] > 0;
  const blended = blendCovariances(data, { prior, counts, points, many: ridged ? null : many }, offsets);
  const inflations = inflationsInFrames({ ...layout, ...blended }, data.statistics.frames);
  const perComponent = counts.points / (covarianceRow(covarianceType).shared ? components : 1);
  const stand = masses.map((mass) => mass + perComponent);
  return {
    statistics: data.statistics,
    masses: stand,
    shifts: scaledRows(data.shifts, features, (component) => Math.sqrt(masses[component] / stand[component])),
    ...blendMeans(data, prior, offsets),
    ...blended,
    // What is added to a scatter can only reduce the relative error of the sum.
    inflations: inflations.map((inflation, component) => Math.min(data.inflations[component], inflation)),
    // If points and prior leave a direction without width, the resolution of the data shows it.
    singular: new Uint8Array(components),
  };
}

function scaledRows(rows: Float64Array, features: number, scaleOf: (row: number) => number): Float64Array {
  const scaled = new Float64Array(rows.length);
  for (let row = 0, i = 0; i < rows.length; row++) {
    const scale = scaleOf(row);
    for (let j = 0; j < features; j++, i++) scaled[i] = rows[i] * scale;
  }
  return scaled;
}

/** x̄ − m₀ of every component. out: k × d */
function offsetsFrom({ means, meansResidual }: ComponentEstimates, prior: Conjugate): Float64Array {
  const offsets = new Float64Array(means.length);
  for (let i = 0; i < offsets.length; ) {
    for (let j = 0; j < prior.means.length; j++, i++) {
      offsets[i] = means[i] - prior.means[j] + (meansResidual[i] - prior.meansResidual[j]);
    }
  }
  return offsets;
}

/** What covariances are made of besides the means. */
interface Blend {
  readonly prior: Conjugate;
  readonly counts: PriorCounts;
  readonly points: PointsTerm;
  readonly many: ManyTriangles | null;
}

/** The covariance that the points give to components, with its share. */
type PointsTerm = (owners: readonly number[], share: number) => Term;

/** Eq. 32 and 36. As in scikit-learn, the ridge is added to the points before the prior. */
function blendCovariances(
  data: ComponentEstimates,
  { prior, counts, points, many }: Blend,
  offsets: Float64Array,
): Covariances {
  const { layout } = data.statistics;
  const { features, covarianceType } = layout;
  const { masses } = data;
  const { meanPrecision } = prior;
  const perVariance = matrixForm(covarianceType).featuresPerVariance(features);
  const vectorShare = (mass: number, count: number) =>
    (meanPrecision * (mass / (meanPrecision + mass))) / (perVariance * count);
  const made = roomForCovariances(layout);
  const done = many && addMany(data, { prior, counts, many }, { made, offsets, vectorShare });
  sumCovariances(made, layout, done, (group) => {
    const mass = group.reduce((sum, component) => sum + masses[component], 0);
    const count = mass + counts.points;
    return {
      terms: [points(group, mass / count), { ...prior.scatter, share: counts.scatters / count }],
      outers: group.map((component) => ({
        share: vectorShare(masses[component], count),
        vector: offsets.subarray(component * features, (component + 1) * features),
      })),
    };
  });
  return made;
}

interface BlendedRoom {
  readonly made: Covariances;
  readonly offsets: Float64Array;
  readonly vectorShare: (mass: number, count: number) => number;
}

/** The same of several components side by side. out: k, 1 for those that are done */
function addMany(
  { masses, packedCovariances }: ComponentEstimates,
  { prior, counts, many }: Pick<Blend, "prior" | "counts"> & { readonly many: ManyTriangles },
  { made, offsets, vectorShare }: BlendedRoom,
): Uint8Array {
  const total = masses.map((mass) => mass + counts.points);
  const sums = {
    covariances: packedCovariances,
    shares: masses.map((mass, component) => mass / total[component]),
    common: prior.scatter.covariance,
    commonShares: total.map((count) => counts.scatters / count),
    vectors: offsets,
    vectorShares: masses.map((mass, component) => vectorShare(mass, total[component])),
  };
  return many.add(sums, { ...made, inflations: new Float64Array(masses.length) });
}

function withRidges(data: Covariances, shape: Shape, { ridges }: Conjugate): PointsTerm {
  const term =
    (covariances: Covariances): PointsTerm =>
    ([component], share) => ({ ...matrixOf(covariances, shape, component), share });
  if (!(ridges[0] > 0)) return term(data);
  const copy = { packedCovariances: data.packedCovariances.slice(), factors: data.factors.slice() };
  regularizeCovariances(copy, shape, { floors: new Float64Array(shape.features), ridges });
  return term(copy);
}

/** Rough factors, which few sums ask for. */
function refinedLater(data: ComponentEstimates): PointsTerm {
  const { layout, frames } = data.statistics;
  const form = matrixForm(layout.covarianceType);
  return (owners, share) => {
    const [component] = owners;
    const matrix = matrixOf(data, layout, component);
    const isRough = !owners.some((owner) => frames.framed[owner] > 0);
    return {
      covariance: matrix.covariance,
      get factor() {
        return isRough ? form.refined(matrix, data.inflations[component], layout.features) : matrix.factor;
      },
      share,
    };
  };
}

/** (N x̄ + β₀ m₀)/(N + β₀) as two doubles, computed from the nearer of x̄ and m₀ (eq. 32). */
function blendMeans(
  { masses, means, meansResidual }: ComponentEstimates,
  prior: Conjugate,
  offsets: Float64Array,
): Pick<ComponentEstimates, "means" | "meansResidual"> {
  const features = prior.means.length;
  const blended = means.slice();
  const rest = meansResidual.slice();
  for (let component = 0, i = 0; component < masses.length; component++) {
    const mass = masses[component];
    const total = mass + prior.meanPrecision;
    const near = mass >= prior.meanPrecision;
    for (let j = 0; j < features; j++, i++) {
      const base = near ? means[i] : prior.means[j];
      const step = near
        ? meansResidual[i] - offsets[i] * (prior.meanPrecision / total)
        : prior.meansResidual[j] + offsets[i] * (mass / total);
      blended[i] = base + step;
      rest[i] = twoSumError(base, step, blended[i]);
    }
  }
  return { means: blended, meansResidual: rest };
}
