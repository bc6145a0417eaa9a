import {
  areInMemory,
  areOrdered,
  nodesIn,
  nodesLength,
  openPoints,
  type PlaceOf,
  type PointSource,
  placeInArray,
  type Tiles,
  type TilesInMemory,
  type Transform,
  transformTiles,
} from "@emix/core";
import { CancelFlag } from "../cancel.ts";
import type { Backend } from "../engine/backend.ts";
import { requireControl } from "../engine/methods/checks.ts";
import type { EnginePoints, LoadOptions, SignalOption, StorageOption } from "../engine/methods/options.ts";
import { orAborted, resultOf } from "../engine/outcomes.ts";
import { fileOf, LoadedPoints, loadPoints, loadTiles, pause } from "../loaded-points.ts";
import { yieldToEvents } from "../pause.ts";
import { pointsIdOf } from "../points-id.ts";
import { PointsMemory } from "../points-memory.ts";
import type { Place } from "../queue/place.ts";
import type { CheckWatcher } from "../storage/checked-file.ts";
import { inMemoryOrFile } from "../storage/memory-or-file.ts";
import { openSavedPoints, type SavedPoints } from "../storage/open-points.ts";
import { type SaveSetting, savePoints } from "../storage/save-points.ts";
import { storePoints } from "../storage/store-points.ts";
import { transformStored } from "../storage/transform-points.ts";
import { threadsStartQuietly } from "../thread-modules.ts";

/** Of points: most passes over so many take threads. This changes when threads start, never a result. */
const MANY_BYTES = 2 ** 20;

/** Points are put in order as soon as they are there. */
const AT_ONCE: Place = { priority: 0, expected: 0 };

export interface IntakeSetting {
  /** how many bytes all points of the engine may take together */
  readonly memoryLimit: number;
  /** where files of points are made */
  readonly storageFolder: string;
}

type SourceOptions = LoadOptions & StorageOption & SignalOption;

/** Takes points to where the threads of an engine read them: to shared memory, or to a file. */
export class PointsIntake {
  readonly #backend: Backend;
  readonly #memory: PointsMemory;
  /** where files of points are made */
  readonly folder: string;

  constructor(backend: Backend, { memoryLimit, storageFolder }: IntakeSetting) {
    this.#backend = backend;
    this.#memory = new PointsMemory(memoryLimit, () => backend.collect());
    this.folder = storageFolder;
  }

  /** how many bytes of points there is room for */
  get free(): number {
    return this.#memory.free;
  }

  /** Refuses so many bytes of points if they are too many. @throws ALLOCATION_FAILED */
  readonly admit = (bytes: number): void => this.#memory.admit(bytes);

  load(points: EnginePoints, { pointWeights, missing, signal }: LoadOptions & SignalOption): Promise<LoadedPoints> {
    return loadPoints(points, { pointWeights, missing, signal, allocate: this.#allocate });
  }

  /** Loads points that are to be fitted. */
  async loadInOrder(points: EnginePoints, options: SourceOptions): Promise<LoadedPoints> {
    requireControl(options);
    if (points instanceof LoadedPoints) return this.load(points, options);
    return new LoadedPoints(await this.loadSource(openPoints(points), options));
  }

  /** Loads the points of a source, and puts them in an order that is fast to fit if they are many. */
  loadSource(source: PointSource, options: SourceOptions): Promise<Tiles> {
    const { storage = "memory" } = options;
    return inMemoryOrFile(storage, (inMemory) =>
      inMemory ? this.#keep(source, options) : this.#store(source, options),
    );
  }

  /** Opens a file of saved points. Default of storage: "file", where they lie. in: take, as of `openSavedPoints` */
  openSaved<T>(
    path: string,
    { storage = "file", ...watching }: StorageOption & CheckWatcher,
    take: (saved: SavedPoints) => T,
  ): Promise<T> {
    return inMemoryOrFile(storage, (inMemory) =>
      openSavedPoints(path, { ...watching, inMemory, allocate: this.#allocate }, take),
    );
  }

  /** Points as a mixture sees them; those in memory are gone then. @throws as `transformTiles`, STORAGE_FAILED */
  async transform(
    { tiles }: LoadedPoints,
    transforms: readonly Transform[],
    placeOf: PlaceOf = placeInArray,
  ): Promise<LoadedPoints> {
    if (areInMemory(tiles)) return new LoadedPoints(transformTiles(tiles, transforms, placeOf));
    const setting = { folder: this.folder, placeOf, pause: yieldToEvents };
    return new LoadedPoints(await transformStored(tiles, transforms, setting));
  }

  /** Saves points as a file. */
  async save(points: EnginePoints, { signal, ...setting }: SaveSetting): Promise<void> {
    const { tiles } = await this.loadInOrder(points, { ...(signal && { signal }) });
    const file = fileOf(tiles);
    file?.hold();
    try {
      await savePoints(tiles, { ...setting, signal });
    } finally {
      file?.letGo();
      if (!(points instanceof LoadedPoints)) this.giveBack(tiles);
    }
  }

  /** The memory of points that were loaded for a job that has ended. If its thread was lost, others may still use it. */
  giveBack({ data, pointWeights, dropped, order, nodes }: Tiles): void {
    if (!this.#backend.usable) return;
    for (const array of [ArrayBuffer.isView(data) ? data : null, pointWeights, dropped, order, nodes?.strips.radii]) {
      if (array?.buffer instanceof SharedArrayBuffer) this.#memory.giveBack(array.buffer);
    }
  }

  async #keep(source: PointSource, { pointWeights, missing, signal }: SourceOptions): Promise<Tiles> {
    const allocate = this.#allocate;
    const tiles = await loadTiles(source, { pointWeights, missing, signal, allocate });
    if (!areOrdered(tiles)) return tiles;
    const order = new Uint32Array(allocate(tiles.count * 4));
    const nodes = allocate(nodesLength(tiles) * 8);
    await this.#order(tiles, { order, nodes }, signal);
    return { ...tiles, order, nodes: nodesIn(nodes, tiles) };
  }

  #store(source: PointSource, { pointWeights, missing, signal }: SourceOptions): Promise<Tiles> {
    return storePoints(source, {
      pointWeights,
      missing,
      allocate: this.#allocate,
      folder: this.folder,
      pause: () => pause(signal),
      orderSection: (section, order) => this.#order(section, { order }, signal),
    });
  }

  async #order(
    tiles: TilesInMemory,
    places: { readonly order: Uint32Array; readonly nodes?: SharedArrayBuffer },
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const cancel = new CancelFlag();
    const job = { kind: "order", ...places } as const;
    const request = { job, tiles, pointsId: pointsIdOf(tiles), cancel: cancel.cell, place: AT_ONCE };
    const work = this.#backend.perform(request, () => {});
    resultOf<"order">(await orAborted(work, signal, cancel));
  }

  /** Allocates shared memory for points. Many points mean work for threads; these start while the points are loaded. */
  readonly #allocate = (bytes: number): SharedArrayBuffer => {
    if (bytes >= MANY_BYTES && threadsStartQuietly()) this.#backend.warmUp();
    return this.#memory.allocate(bytes);
  };
}
