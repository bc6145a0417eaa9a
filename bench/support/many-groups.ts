import { type RandomNumbers, randomNumbers, rotation } from "./random.ts";

/**
 * How thousands of groups lie: centres N(0, spread²); √k super-groups three times as far apart; as embeddings do, on three
 * levels with falling spectra; or, in two features, clusters of all sizes, filaments and a background.
 */
export type GroupsKind = "iid" | "hier" | "emb" | "stars";

/** Points to draw. */
export interface ManyGroups {
  readonly kind: GroupsKind;
  /** n, d, and how many groups */
  readonly count: number;
  readonly features: number;
  readonly groups: number;
  readonly spread: number;
}

/** n × d, row-major; the same in every process. */
export function drawGroups(given: ManyGroups): Float64Array {
  const { kind, count, features, groups } = given;
  const random = new Draws(randomNumbers(`${kind}/${count}×${features}/${groups}/${given.spread}`));
  return kind === "stars" ? stars(given, random) : clouds(given, random);
}

/** Numbers one at a time. */
class Draws {
  readonly numbers: RandomNumbers;
  readonly #normals = new Float64Array(1024);
  #used = this.#normals.length;

  constructor(numbers: RandomNumbers) {
    this.numbers = numbers;
  }

  uniform(): number {
    return this.numbers.uniform();
  }

  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  normal(): number {
    if (this.#used === this.#normals.length) {
      this.numbers.fillNormal(this.#normals);
      this.#used = 0;
    }
    return this.#normals[this.#used++];
  }
}

/** How many shapes the groups have. */
const SHAPES = 64;

function clouds({ kind, count, features, groups, spread }: ManyGroups, random: Draws): Float64Array {
  const variance = (j: number) =>
    kind === "emb" ? (1 + j) ** -1.2 : 0.3 * 6.7 ** (features > 1 ? j / (features - 1) : 0.5);
  const factors = Array.from({ length: Math.min(groups, SHAPES) }, () =>
    rotation(random.numbers, features).map((entry, i) => entry * Math.sqrt(variance(i % features))),
  );
  const centres = CENTRES[kind as Exclude<GroupsKind, "stars">](features, groups, spread, random);
  const points = new Float64Array(count * features);
  const z = new Float64Array(features);
  for (let i = 0; i < count; i++) {
    const group = random.below(groups);
    const factor = factors[group % factors.length];
    for (let j = 0; j < features; j++) z[j] = random.normal();
    for (let a = 0; a < features; a++) {
      let value = centres[group * features + a];
      for (let j = 0; j < features; j++) value += factor[a * features + j] * z[j];
      points[i * features + a] = value;
    }
  }
  return points;
}

type MakeCentres = (features: number, groups: number, spread: number, random: Draws) => Float64Array;

const CENTRES: Readonly<Record<Exclude<GroupsKind, "stars">, MakeCentres>> = {
  iid: (features, groups, spread, random) =>
    Float64Array.from({ length: groups * features }, () => spread * random.normal()),

  hier(features, groups, spread, random) {
    const few = Math.max(1, Math.floor(Math.sqrt(groups)));
    const far = Float64Array.from({ length: few * features }, () => 3 * spread * random.normal());
    return Float64Array.from({ length: groups * features }, (_, i) => {
      const group = Math.floor(i / features);
      return far[(group % few) * features + (i % features)] + spread * random.normal();
    });
  },

  emb(features, groups, spread, random) {
    const turn = rotation(random.numbers, features);
    const level = (scale: number) =>
      Float64Array.from({ length: features }, (_, j) => scale * spread * random.normal() * (1 + j) ** -0.6);
    const first = Array.from({ length: 32 }, () => level(1.5));
    const second = Array.from({ length: Math.max(32, Math.floor(groups / 16)) }, () => {
      const parent = first[random.below(first.length)];
      return level(1).map((value, j) => value + parent[j]);
    });
    const centres = new Float64Array(groups * features);
    for (let group = 0; group < groups; group++) {
      const parent = second[random.below(second.length)];
      const centre = level(0.7).map((value, j) => value + parent[j]);
      for (let i = 0; i < features; i++) {
        for (let j = 0; j < features; j++) centres[group * features + i] += turn[j * features + i] * centre[j];
      }
    }
    return centres;
  },
};

const FILAMENTS = 200;
const WIDTH = 100;

function stars({ count, groups }: ManyGroups, random: Draws): Float64Array {
  const place = () => WIDTH * random.uniform();
  let total = 0;
  const clusters = Array.from({ length: Math.max(10, Math.floor(groups / 50)) }, () => {
    total += (random.uniform() + 1e-3) ** -0.7;
    return { upTo: total, x: place(), y: place(), deviation: 0.02 * (random.uniform() + 1e-3) ** -0.6 };
  });
  const filaments = Array.from({ length: FILAMENTS }, () => ({ from: [place(), place()], to: [place(), place()] }));
  const points = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) points.set(star(), 2 * i);
  return points;

  function star(): readonly number[] {
    const kind = random.uniform();
    if (kind >= 0.85) return [place(), place()];
    if (kind < 0.6) {
      const wanted = random.uniform() * total;
      const { x, y, deviation } = clusters[clusters.findIndex(({ upTo }) => upTo >= wanted)];
      return [x + deviation * random.normal(), y + deviation * random.normal()];
    }
    const { from, to } = filaments[random.below(FILAMENTS)];
    const along = random.uniform();
    return from.map((start, j) => start + along * (to[j] - start) + 0.1 * random.normal());
  }
}
