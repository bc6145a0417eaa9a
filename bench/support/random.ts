/** Random numbers for data: fast, and the same on every machine and in every run. */
export interface RandomNumbers {
  /** uniform on (0, 1), 32 bits */
  uniform(): number;
  /** out: independent standard normal numbers */
  fillNormal(out: Float64Array): void;
}

/** Chris Doty-Humphrey's sfc32, seeded by a hash of a text. */
export function randomNumbers(seed: string): RandomNumbers {
  const state = Int32Array.of(hash(seed, 1), hash(seed, 2), hash(seed, 3), 1);
  const next = (): number => {
    const sum = (state[0] + state[1] + state[3]) | 0;
    state[3] = state[3] + 1;
    state[0] = state[1] ^ (state[1] >>> 9);
    state[1] = (state[2] + (state[2] << 3)) | 0;
    state[2] = ((state[2] << 21) | (state[2] >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  const uniform = () => (next() + 0.5) / 2 ** 32;
  return { uniform, fillNormal: (out) => boxMuller(uniform, out) };
}

function hash(text: string, salt: number): number {
  let value = Math.imul(salt, 0x9e3779b9);
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x85ebca6b);
    value ^= value >>> 13;
  }
  return value;
}

function boxMuller(uniform: () => number, out: Float64Array): void {
  for (let i = 0; i < out.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    out[i] = radius * Math.cos(angle);
    if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
  }
}

/** Gamma of a whole shape and scale 1: a sum of so many exponential numbers. */
export function gamma(random: RandomNumbers, shape: number): number {
  let sum = 0;
  for (let i = 0; i < shape; i++) sum -= Math.log(random.uniform());
  return sum;
}

/** Weights from a symmetric Dirichlet distribution of a whole concentration. */
export function dirichlet(random: RandomNumbers, length: number, concentration: number): Float64Array {
  const draws = Float64Array.from({ length }, () => gamma(random, concentration));
  const total = draws.reduce((sum, draw) => sum + draw, 0);
  return draws.map((draw) => draw / total);
}

/** A random rotation, d × d: rows of normal numbers made orthonormal (Gram–Schmidt, twice for accuracy). */
export function rotation(random: RandomNumbers, features: number): Float64Array {
  const matrix = new Float64Array(features * features);
  random.fillNormal(matrix);
  const row = (i: number) => matrix.subarray(i * features, (i + 1) * features);
  for (let i = 0; i < features; i++) {
    for (let pass = 0; pass < 2; pass++) for (let j = 0; j < i; j++) removeProjection(row(i), row(j));
    const length = Math.sqrt(dot(row(i), row(i)));
    for (let f = 0; f < features; f++) matrix[i * features + f] /= length;
  }
  return matrix;
}

function removeProjection(vector: Float64Array, unit: Float64Array): void {
  const projection = dot(vector, unit);
  for (let f = 0; f < vector.length; f++) vector[f] -= projection * unit[f];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let f = 0; f < a.length; f++) sum += a[f] * b[f];
  return sum;
}
