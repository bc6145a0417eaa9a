import { covarianceRow } from "../../../covariance/types.ts";
import { triangleLength } from "../../../linear-algebra/triangle.ts";
import { densityLayout } from "../../../mixture/density.ts";
import { type Tiles, tileCount } from "../../../points/tiles.ts";
import { tilePoints } from "../../../points/tiling.ts";
import { type Random, randomStream } from "../../../random.ts";
import { statisticsLayout } from "../../../statistics/sufficient-statistics.ts";
import type { Kernel, KernelShape } from "../../kernel.ts";
import { type PairLists, STAND, UNBUILT } from "../../pair-lists.ts";
import { formOf } from "../forms/form-of.ts";
import type { SimdProgram } from "./compiled.ts";
import { measuresOf } from "./program.ts";
import { simdKernel } from "./simd-kernel.ts";

// Packing vectors into 256 bits is an experiment of V8's. Before code so compiled is used, its numbers are compared bit
// by bit with those of the same code compiled plainly, on points chosen so that the number of non-zero responsibilities
// varies widely.

const COMPONENTS = 3;

/** Shapes that have been tested in this process, and how that went. */
const verdicts = new Map<string, boolean>();

/** Does the packed program leave the bits of the plain one? Tested once in a process. */
export function packsWell(packed: SimdProgram, plain: SimdProgram, shape: KernelShape): boolean {
  const known = verdicts.get(packed.key);
  const verdict = known ?? agree(packed, plain, { ...shape, components: COMPONENTS });
  verdicts.set(packed.key, verdict);
  return verdict;
}

function agree(packed: SimdProgram, plain: SimdProgram, shape: KernelShape): boolean {
  const random = randomStream(1, "self-test");
  const { frame } = formOf(shape.covarianceType, measuresOf(shape, packed));
  const parameters = someParameters(shape, frame !== null, random);
  const [one, other] = [packed, plain].map((program) => simdKernel(program, shape));
  one.load(parameters, false);
  other.load(parameters, false);
  return countsOf(shape).every((count) => {
    const tiles = somePoints(shape, count, random);
    const expected = results(other, shape, tiles);
    return results(one, shape, tiles).every((numbers, i) => haveEqualBits(numbers, expected[i]));
  });
}

/** Tiles that are nearly empty, nearly full, and two to a group. */
function countsOf({ tileSize }: KernelShape): number[] {
  return [1, 2, 7, tileSize - 1, tileSize + 5];
}

function haveEqualBits(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if ((a[i] !== b[i] || a[i] === 0) && !Object.is(a[i], b[i])) return false;
  return true;
}

/** All that a kernel computes. */
function results(kernel: Kernel, { features, covarianceType, components }: KernelShape, tiles: Tiles): Float64Array[] {
  const slot = new Float64Array(statisticsLayout(components, features, covarianceType).length);
  const logDensities = new Float64Array(tiles.count);
  const responsibilities = new Float64Array(tiles.count * components);
  const range = { tiles, first: 0, end: tileCount(tiles) };
  kernel.expectation(range, slot);
  kernel.evaluate(range, { logDensities, responsibilities });
  const lists = emptyLists(tiles, components);
  kernel.expectation(range, slot.slice(), lists);
  kernel.expectation(range, slot.slice(), { ...lists, movers: Int32Array.from({ length: components }, (_, c) => c) });
  const { counts, references, floors, components: listed } = lists;
  return [
    slot,
    logDensities,
    responsibilities,
    ...[counts, references, floors, listed].map((a) => Float64Array.from(a)),
  ];
}

function emptyLists(tiles: Tiles, capacity: number): PairLists {
  const count = tileCount(tiles);
  const stands = Float64Array.from({ length: capacity * STAND.length }, (_, i) =>
    i % STAND.length < 2 ? 1 : 2 ** -30,
  );
  return {
    counts: new Int32Array(count).fill(UNBUILT),
    components: new Uint32Array(count * capacity),
    capacity,
    references: new Float32Array(count * tiles.tileSize),
    floors: new Float32Array(count),
    nodes: null,
    movers: new Int32Array(0),
    renewed: true,
    stands,
    leastFloor: Number.NEGATIVE_INFINITY,
    step: 0,
  };
}

/** Components 0 and 1 lie together, and 2 so far away that the rule of zero parts it from them. */
const PLACES = [0, 0.5, 40];

/** Numbers that are drawn; more parameters repeat them, for draws would take seconds at a thousand features. */
const DRAWN = 4093;

/** One component of three is in a frame, where there are frames. */
function someParameters(
  { features, components, covarianceType }: KernelShape,
  frames: boolean,
  random: Random,
): Float64Array {
  const layout = densityLayout(components, features, covarianceType);
  const { logConstants, zeroThresholds, pivots, biases, factors, framed, length } = layout;
  // triangular factors: small numbers beside the diagonal do for all of them
  const drawn = Float64Array.from({ length: Math.min(length, DRAWN) }, () => (random.uniform() - 0.5) / features);
  const parameters = new Float64Array(length);
  for (let i = 0; i < length; i++) parameters[i] = drawn[i % DRAWN];
  for (let i = 0; i < components; i++) {
    parameters[logConstants + i] = -features;
    parameters[zeroThresholds + i] = 45 - features / 32;
  }
  for (let i = pivots; i < biases; i++) parameters[i] += PLACES[Math.floor((i - pivots) / features)];
  parameters.fill(0, framed)[framed + 1] = Number(frames);
  if (covarianceRow(covarianceType).matrix !== "triangle") return parameters.fill(0.8, factors, framed);
  for (let start = factors; start < framed; start += triangleLength(features)) {
    for (let row = 0, i = start; row < features; row++, i += row + 1) parameters[i] = 0.9;
  }
  return parameters;
}

function somePoints({ features, dtype }: KernelShape, count: number, random: Random): Tiles {
  const data = new Float64Array(count * features);
  const weights = new Float64Array(count);
  for (let point = 0; point < count; point++) {
    const place = PLACES[Math.floor(random.uniform() * PLACES.length)];
    weights[point] = point > 0 && random.uniform() < 0.2 ? 0 : 0.5 + random.uniform();
    for (let j = 0; j < features; j++) data[point * features + j] = place + random.normal();
  }
  return tilePoints({ data: dtype === "f64" ? data : Float32Array.from(data), features }, weights);
}
