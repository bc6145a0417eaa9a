import { rowWidth } from "../../../points/order/parting-kernel.ts";
import { CANDIDATES_AT_ONCE } from "../../distance-kernel.ts";
import type { KernelShape } from "../../kernel.ts";
import { lower, nearestOf, restore, sift } from "../arithmetic/balls.ts";
import { farthestInStrips, masses, nearestDistances, potentials } from "../arithmetic/distances.ts";
import { stripMeans } from "../arithmetic/means.ts";
import { aim, choose } from "../arithmetic/order/parting.ts";
import { route, scale } from "../arithmetic/order/routing.ts";
import { factorize } from "../arithmetic/triangles/factorize.ts";
import { refine } from "../arithmetic/triangles/refine.ts";
import { addTriangles, findSpread, moveScatter } from "../arithmetic/triangles/sums.ts";
import { formOf } from "../forms/form-of.ts";
import { approach, centre, project as projectByFrame, screen, sieve } from "../forms/sieve.ts";
import { raiseReferences, survey } from "../forms/skin.ts";
import { softMax } from "../forms/soft-max.ts";
import { ConstantPool } from "../language/constants.ts";
import { BLOCK_ROWS } from "../language/feature-walk.ts";
import { LISTED, SUMMED, walkList } from "../language/lists.ts";
import { range } from "../language/range.ts";
import { type Measures, type Setting, WHOLE_BYTES } from "../language/setting.ts";
import {
  assemble,
  at,
  f32Lanes,
  f64Lanes,
  loadInteger,
  plus,
  type Routine,
  routine,
  run,
  type VectorBytes,
} from "../language/wasm.ts";
import { type MakeModule, type SimdOptions, type SimdProgram, writeAndCompile } from "./compiled.ts";

/** With more features, straight code gains 2 % and takes five times as long to write (Node 22: it loses half). */
const MOST_UNROLLED_FEATURES = 8;

export function simdProgram(
  shape: KernelShape,
  options: SimdOptions,
  moduleOf: MakeModule = writeAndCompile,
): SimdProgram {
  const { features, covarianceType, dtype, tileSize } = shape;
  const code = codeKey(isUnrolled(features, options), options);
  const { arithmetic = "f64", bits = 128 } = options;
  const key = [`simd${bits}`, covarianceType, dtype, features, tileSize, ...code].join("/");
  return { key, module: moduleOf(key, () => simdBytes(shape, options)), arithmetic, bits };
}

/** Fewer features than a block of rows have no loops. */
function isUnrolled(features: number, options: SimdOptions): boolean {
  return (options.unrolled ?? features <= MOST_UNROLLED_FEATURES) || features < BLOCK_ROWS;
}

function codeKey(unrolled: boolean, { relaxed, arithmetic = "f64", evaluates }: SimdOptions): string[] {
  const code = [arithmetic, relaxed ? "relaxed" : "strict", unrolled ? "unrolled" : "looped"];
  return evaluates ? [...code, "evaluates"] : code;
}

/** The module as bytes, a pure function of the shape (the number of components apart) and the options. */
export function simdBytes(shape: KernelShape, options: SimdOptions): Uint8Array<ArrayBuffer> {
  const pool = new ConstantPool();
  const unrolled = isUnrolled(shape.features, options);
  const measures = measuresOf(shape, options);
  const code = lanesOf(options, measures.vectorBytes);
  const { wide } = code;
  const whole = measures.vectorBytes === WHOLE_BYTES ? code : lanesOf(options, WHOLE_BYTES);
  const setting: Setting = { ...measures, ...code, whole, pool, unrolled };
  const form = formOf(shape.covarianceType, measures);
  const { density, moments, framedMoments, whiten, whitenedDensity } = form.code(setting);
  const evaluating = {
    densities: listedDensities(density),
    softMax: softMax(wide, pool, form),
    ...(whiten && { whiten }),
    ...(whitenedDensity && { whitenedDensities: listedDensities(whitenedDensity) }),
  };
  if (options.evaluates) return assemble(evaluating, pool.bytes());
  const routines = {
    ...evaluating,
    raiseReferences: raiseReferences(wide, pool),
    survey: survey(wide, pool, form),
    approach: approach(setting, form.matrix),
    sieve: sieve(setting, form.matrix),
    screen: screen(setting, form.matrix),
    centre: centre(setting),
    project: projectByFrame(setting, f32Lanes(options.relaxed, measures.vectorBytes), form.matrix),
    moments: listedMoments(moments),
    ...(framedMoments && { framedMoments: listedMoments(framedMoments) }),
  };
  return assemble(routines, pool.bytes());
}

function lanesOf({ relaxed, arithmetic }: SimdOptions, vectorBytes: VectorBytes): Setting["whole"] {
  const wide = f64Lanes(relaxed, vectorBytes);
  return { wide, lanes: arithmetic === "f32" ? f32Lanes(relaxed, vectorBytes) : wide };
}

/** As `simdProgram`, for distances from centres; the number of components does not matter. */
export function distanceProgram(
  shape: Omit<KernelShape, "covarianceType" | "components">,
  options: SimdOptions,
  moduleOf: MakeModule = writeAndCompile,
): SimdProgram {
  const { features, dtype, tileSize } = shape;
  const code = codeKey(isUnrolled(features, options), options);
  const key = ["simd", "distances", dtype, features, tileSize, ...code].join("/");
  return { key, module: moduleOf(key, () => distanceBytes(shape, options)), arithmetic: "f64", bits: 128 };
}

/** As `simdBytes`, for the distances of k-means++. */
function distanceBytes(
  { features, tileSize }: Pick<KernelShape, "features" | "tileSize">,
  options: SimdOptions,
): Uint8Array<ArrayBuffer> {
  const pool = new ConstantPool();
  const unrolled = isUnrolled(features, options);
  const code = lanesOf({ relaxed: options.relaxed }, 16);
  const setting: Setting = { features, tileSize, bytes: 8, vectorBytes: 16, ...code, whole: code, pool, unrolled };
  const several = ([1, 2] as const).flatMap((power) =>
    range(CANDIDATES_AT_ONCE).map((i) => [`potentials${i + 1}of${power}`, potentials(setting, i + 1, power)] as const),
  );
  const routines = {
    nearest: nearestDistances(setting),
    farthest: farthestInStrips(setting),
    means: stripMeans(setting),
    mass1: masses(setting, 1),
    mass2: masses(setting, 2),
    ...Object.fromEntries(several),
  };
  return assemble(routines, pool.bytes());
}

/** As `distanceProgram`, for points in balls. */
export function ballProgram(
  shape: Omit<KernelShape, "covarianceType" | "components">,
  options: SimdOptions,
  moduleOf: MakeModule = writeAndCompile,
): SimdProgram {
  const { features, tileSize } = shape;
  const unrolled = isUnrolled(features, options);
  const key = ["simd", "balls", "f64", features, tileSize, ...codeKey(unrolled, options)].join("/");
  const write = () => {
    const pool = new ConstantPool();
    const code = lanesOf({ relaxed: options.relaxed }, 16);
    const setting: Setting = { features, tileSize, bytes: 8, vectorBytes: 16, ...code, whole: code, pool, unrolled };
    const routines = {
      sift: sift(setting, f32Lanes(options.relaxed)),
      lower: lower(setting),
      restore: restore(setting),
      nearestOf: nearestOf(setting),
      mass1: masses(setting, 1),
      mass2: masses(setting, 2),
    };
    return assemble(routines, pool.bytes());
  };
  return { key, module: moduleOf(key, write), arithmetic: "f64", bits: 128 };
}

/** As `simdProgram`, for points that are put in order. Nothing is fused. */
export function partingProgram(
  { features, tileSize }: PartedShape,
  moduleOf: MakeModule = writeAndCompile,
): SimdProgram {
  const write = () => {
    const pool = new ConstantPool();
    const width = rowWidth(features);
    const routing = { scale: scale({ features, tileSize, pool, width }), route: route(width) };
    const parting = { aim: aim(width, pool), choose: choose() };
    return assemble({ ...routing, ...parting }, pool.bytes());
  };
  const key = ["simd", "parting", "f32", features, tileSize].join("/");
  return { key, module: moduleOf(key, write), arithmetic: "f64", bits: 128 };
}

/** As `distanceProgram`, for triangles of several components side by side. */
export function triangleProgram(features: number, moduleOf: MakeModule = writeAndCompile): SimdProgram {
  const write = () => {
    const pool = new ConstantPool();
    const setting = { lanes: f64Lanes(false, WHOLE_BYTES), pool, features };
    const routines = {
      moveScatter: moveScatter(setting),
      addTriangles: addTriangles(setting),
      findSpread: findSpread(setting),
      factorize: factorize(setting),
      refine: refine(setting),
    };
    return assemble(routines, pool.bytes());
  };
  const key = ["simd", "triangles", features].join("/");
  return { key, module: moduleOf(key, write), arithmetic: "f64", bits: 128 };
}

type PartedShape = Pick<KernelShape, "features" | "tileSize">;

export function measuresOf(
  { features, tileSize }: KernelShape,
  { arithmetic = "f64", bits = 128 }: Pick<SimdOptions, "arithmetic" | "bits">,
): Measures {
  return { features, tileSize, bytes: arithmetic === "f64" ? 8 : 4, vectorBytes: bits === 128 ? 16 : 32 };
}

/** E of the components of a list, for some points: log joint densities, from `offset` on in their rows. */
function listedDensities(density: Routine): Routine {
  const names = ["entries", "entriesEnd", "shared", "points", "pointsEnd", "offset"] as const;
  return routine(names, ({ entries, entriesEnd, offset, ...p }) => {
    walkList(entries, entriesEnd, LISTED.bytes, (entry) => {
      const joint = plus(loadInteger(at(LISTED.row, entry)), offset);
      run(density, { ...p, component: loadInteger(at(LISTED.component, entry)), joint });
    });
  });
}

/** M of the components of a list. */
function listedMoments(moments: Routine): Routine {
  const names = ["entries", "entriesEnd", "shared", "scales", "list", "sharedSums"] as const;
  return routine(names, ({ entries, entriesEnd, ...p }) => {
    walkList(entries, entriesEnd, SUMMED.bytes, (entry) => {
      const field = (offset: number) => loadInteger(at(offset, entry));
      const { component, row, sums, runs, runsEnd } = SUMMED;
      const own = { component: field(component), joint: field(row), sums: field(sums) };
      run(moments, { ...p, ...own, runs: field(runs), runsEnd: field(runsEnd) });
    });
  });
}
