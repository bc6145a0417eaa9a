import { featuresMismatch } from "../../errors.ts";
import { type KernelProgram, KernelPrograms } from "../../kernels/dispatch.ts";
import type { Kernel, KernelShape } from "../../kernels/kernel.ts";
import { KernelCache } from "../../kernels/kernel-cache.ts";
import { densityParameters, logDensityUnit } from "../../mixture/density.ts";
import type { Mixture } from "../../mixture/mixture.ts";
import { inStoredUnits } from "../../mixture/units.ts";
import { openPoints, type PointsLike } from "../../points/array-sources.ts";
import { logVolume } from "../../points/exponents.ts";
import { type Tiles, tileCount } from "../../points/tiles.ts";
import { tilesFrom } from "../../points/tiling.ts";
import { type EvaluatedArrays, finish, type Quantity, room } from "../evaluation.ts";

/** The tile size of points that are evaluated at once. With small tiles, the padding beside a single row costs little. */
const TILE_SIZE = 8;

/** Compiled programs, and kernels with their parameters, kept so that later rows need not wait for them. */
const PROGRAMS = new KernelPrograms();
const KERNELS = new KernelCache();
const OPENED = new WeakMap<Mixture, OpenedMixture>();
const LOADED = new WeakMap<Kernel, Float64Array>();

/** Memory of a few rows, which is reused because allocating it takes as long as evaluating a row. Null while it is in use. */
let spare: ArrayBuffer | null = null;
const MOST_SPARE = 2 ** 16;

/** Points for one `evaluateNow`, which may take their memory back. @throws as `tilePoints` */
export function rowsToEvaluate(points: PointsLike, pointWeights?: ArrayLike<number>): Tiles {
  return tilesFrom(openPoints(points), { pointWeights, tileSize: TILE_SIZE, allocate: allocateRows });
}

function allocateRows(bytes: number): ArrayBuffer {
  const memory = spare?.byteLength === bytes ? spare : new ArrayBuffer(bytes);
  spare = null;
  return memory;
}

function takeBack({ tileSize, data }: Tiles): void {
  if (!ArrayBuffer.isView(data)) return;
  const { buffer } = data;
  if (tileSize === TILE_SIZE && buffer instanceof ArrayBuffer && buffer.byteLength <= MOST_SPARE) spare = buffer;
}

/**
 * As `evaluate`, in the calling thread and at once. For few rows, computing all components is faster than finding out which
 * matter. in: a mixture in the units of the points
 */
export function evaluateNow<Q extends Quantity>(
  tiles: Tiles,
  mixture: Mixture,
  quantities: readonly Q[],
  top = 0,
): EvaluatedArrays<Q> {
  if (tiles.features !== mixture.features) throw featuresMismatch(mixture.features, tiles.features);
  const stored = inStoredUnits(mixture, tiles.exponents);
  const opened = open(stored);
  const evaluation = room(tiles.count, { ...stored, top }, quantities);
  kernelFor(tiles, stored, opened).evaluate({ tiles, first: 0, end: tileCount(tiles) }, evaluation);
  takeBack(tiles);
  return finish(evaluation, opened.unit + logVolume(tiles.exponents));
}

/** What a kernel needs of a mixture. */
interface OpenedMixture {
  readonly parameters: Float64Array;
  readonly unit: number;
  /** the key is the size of tiles, negative for f32: a string as the key would make a row slower */
  readonly programs: Map<number, KernelProgram>;
}

function open(mixture: Mixture): OpenedMixture {
  const known = OPENED.get(mixture);
  if (known !== undefined) return known;
  const opened: OpenedMixture = {
    parameters: densityParameters(mixture),
    unit: logDensityUnit(mixture),
    programs: new Map(),
  };
  OPENED.set(mixture, opened);
  return opened;
}

/** The kernel for these points, with the parameters of the mixture. */
function kernelFor(tiles: Tiles, mixture: Mixture, { parameters, programs }: OpenedMixture): Kernel {
  const key = tiles.dtype === "f64" ? tiles.tileSize : -tiles.tileSize;
  let program = programs.get(key);
  if (program === undefined) {
    program = programFor(tiles, mixture);
    programs.set(key, program);
  }
  const kernel = KERNELS.get(program);
  if (LOADED.get(kernel) !== parameters) kernel.load(parameters, false);
  LOADED.set(kernel, parameters);
  return kernel;
}

function programFor({ dtype, tileSize, features }: Tiles, { components, covarianceType }: Mixture): KernelProgram {
  const shape: KernelShape = { features, components, covarianceType, dtype, tileSize };
  return PROGRAMS.evaluation(shape, 0);
}
