import { zeros } from "../linear-algebra/doubles.ts";
import type { Columns } from "../linear-algebra/low-rank.ts";
import { matrixForm } from "./forms.ts";
import type { Matrix, OuterProduct, Term } from "./matrix.ts";
import type { Regularization } from "./regularization.ts";
import { matrixCount, matrixStart, scatterLength } from "./shape.ts";
import { type CovarianceType, covarianceRow } from "./types.ts";

// Operations on all covariances of a mixture. Each is done once if components share a matrix.

/** k components in d features. */
export interface Shape {
  readonly components: number;
  readonly features: number;
  readonly covarianceType: CovarianceType;
}

/** The covariances of a mixture with their factors W = L⁻¹, packed alike: `scatterLength` numbers each. */
export interface Covariances {
  readonly packedCovariances: Float64Array;
  readonly factors: Float64Array;
  /** k: the directions of each covariance, where they are known */
  readonly directions?: (Columns | undefined)[] | undefined;
}

/**
 * A component raised by a floor (the first of those that share the matrix), and in how many directions it was above the
 * floor by itself.
 */
export interface FlooredComponent {
  readonly component: number;
  readonly rank: number;
}

/** The first component whose covariance is not positive definite, and the size of the largest leading part that is. */
export interface Singular {
  readonly collapsed: number;
  readonly rank: number;
}

/** For each matrix, the components that use it. */
export function owners({
  components,
  covarianceType,
}: Pick<Shape, "components" | "covarianceType">): readonly (readonly number[])[] {
  const known = covarianceRow(covarianceType).shared ? sharing : apart;
  const groups = known.few[components] ?? (known.many?.size === components ? known.many.groups : undefined);
  if (groups !== undefined) return groups;
  const all = Array.from({ length: components }, (_, component) => component);
  const made = known === sharing ? [all] : all.map((component) => [component]);
  if (components < MANY) known.few[components] = made;
  else known.many = { size: components, groups: made };
  return made;
}

/** The owners of few components, by their number, and the last ones of many: a step asks for them many times. */
interface KnownOwners {
  readonly few: (number[][] | undefined)[];
  many?: { readonly size: number; readonly groups: number[][] };
}

const sharing: KnownOwners = { few: [] };
const apart: KnownOwners = { few: [] };
const MANY = 64;

/** The matrix of one component in packed numbers, as a view. */
export function packedOf(values: Float64Array, { features, covarianceType }: Shape, component: number): Float64Array {
  const start = matrixStart(covarianceType, component, features);
  return values.subarray(start, start + matrixForm(covarianceType).length(features));
}

/** The covariance of a component with its factor, as views. */
export function matrixOf(
  { packedCovariances, factors, directions }: Covariances,
  shape: Shape,
  component: number,
): Matrix {
  return {
    covariance: packedOf(packedCovariances, shape, component),
    factor: packedOf(factors, shape, component),
    directions: directions?.[component],
  };
}

/** Computes one number from every component's matrix. out: k */
export function ofEach(shape: Shape, of: (component: number) => number): Float64Array {
  const values = zeros(shape.components);
  for (const group of owners(shape)) {
    const value = of(group[0]);
    for (const component of group) values[component] = value;
  }
  return values;
}

/** Makes every matrix. */
export function packedCovariances(shape: Shape, make: (owners: readonly number[]) => Matrix): Covariances {
  const made = roomForCovariances(shape);
  makeOthers(made, shape, null, make);
  return made;
}

export function roomForCovariances({ components, features, covarianceType }: Shape): Covariances {
  const length = scatterLength(components, features, covarianceType);
  return { packedCovariances: zeros(length), factors: zeros(length) };
}

/** Makes every matrix but those that are done. in: done, k, 1 for each of these; null: none is */
export function makeOthers(
  made: Covariances,
  shape: Shape,
  done: Uint8Array | null,
  make: (owners: readonly number[]) => Matrix,
): void {
  const { features, covarianceType } = shape;
  for (const group of owners(shape)) {
    if (done?.[group[0]] === 1) continue;
    const { covariance, factor } = make(group);
    const start = matrixStart(covarianceType, group[0], features);
    made.packedCovariances.set(covariance, start);
    made.factors.set(factor, start);
  }
}

/** Makes every covariance, but those that are done, as a weighted sum of others: see `MatrixForm.adder`. in: done, as of `makeOthers` */
export function sumCovariances(
  made: Covariances,
  shape: Shape,
  done: Uint8Array | null,
  partsOf: (owners: readonly number[]) => { readonly terms: readonly Term[]; readonly outers: readonly OuterProduct[] },
): void {
  const add = matrixForm(shape.covarianceType).adder(shape.features);
  makeOthers(made, shape, done, (group) => {
    const { terms, outers } = partsOf(group);
    return add(
      terms.filter(({ share }) => share > 0),
      outers,
    );
  });
}

/** Applies floor and ridge in place. out: the components that the floor raised */
export function regularizeCovariances(
  covariances: Covariances,
  shape: Shape,
  rule: Regularization,
): FlooredComponent[] {
  const form = matrixForm(shape.covarianceType);
  const floored: FlooredComponent[] = [];
  const { directions } = covariances;
  for (const [component] of owners(shape)) {
    const matrix = matrixOf(covariances, shape, component);
    const raised = form.regularize(matrix, rule);
    if (directions !== undefined) directions[component] = matrix.directions;
    if (raised > 0) floored.push({ component, rank: shape.features - raised });
  }
  return floored;
}

/** Packed W, or the first component whose covariance is not positive definite. */
export function factorizeCovariances(covariances: Float64Array, shape: Shape): Float64Array | Singular {
  const form = matrixForm(shape.covarianceType);
  const factors = new Float64Array(covariances.length);
  for (const [component] of owners(shape)) {
    const factor = form.factorize(packedOf(covariances, shape, component), shape.features);
    if (typeof factor === "number") return { collapsed: component, rank: factor };
    packedOf(factors, shape, component).set(factor);
  }
  return factors;
}

/** max_j Σ_jj (Σ⁻¹)_jj of every component. out: k */
export function inflationsOf(covariances: Covariances, shape: Shape): Float64Array {
  const form = matrixForm(shape.covarianceType);
  return ofEach(shape, (component) => form.inflation(matrixOf(covariances, shape, component), shape.features));
}

/** Diagonals of packed covariances or factors. out: k × d */
export function diagonalsOf(packed: Float64Array, shape: Shape): Float64Array {
  const { components, features, covarianceType } = shape;
  const form = matrixForm(covarianceType);
  const diagonals = zeros(components * features);
  for (const group of owners(shape)) {
    const matrix = packedOf(packed, shape, group[0]);
    for (const component of group) {
      form.diagonal(matrix, features, diagonals.subarray(component * features, (component + 1) * features));
    }
  }
  return diagonals;
}

/** The covariances for the points x · 2^exponent. in: exponents, d */
export function rescaleCovariances(given: Covariances, shape: Shape, exponents: readonly number[]): Covariances {
  const form = matrixForm(shape.covarianceType);
  return packedCovariances(shape, ([component]) => form.rescale(matrixOf(given, shape, component), exponents));
}

/** Copies the covariance of one component to another, unless they share it. */
export function copyMatrix(
  from: Covariances & Shape,
  component: number,
  to: Covariances,
  target: number = component,
): void {
  if (covarianceRow(from.covarianceType).shared) return;
  packedOf(to.packedCovariances, from, target).set(packedOf(from.packedCovariances, from, component));
  packedOf(to.factors, from, target).set(packedOf(from.factors, from, component));
}

/** The number of free parameters of the covariances. */
export function covarianceParameters({ components, features, covarianceType }: Shape): number {
  return matrixCount(covarianceType, components) * matrixForm(covarianceType).length(features);
}

/** variance · I for every component, packed. */
export function isotropic(variance: number, shape: Shape): Float64Array {
  const one = matrixForm(shape.covarianceType).isotropic(variance, shape.features);
  return repeat(one, matrixCount(shape.covarianceType, shape.components));
}

function repeat(values: Float64Array, times: number): Float64Array {
  return Float64Array.from({ length: values.length * times }, (_, i) => values[i % values.length]);
}
