import {
  beyondFloat32,
  completeRows,
  featuresMismatch,
  type MissingOption,
  numberAt,
  openPoints,
  type PointSource,
  type PointsLike,
  placeInArray,
  type RowBatch,
  requireInteger,
  requireOneOf,
  rowMajorBatch,
} from "@emix/core";
import { requireStorage } from "../engine/methods/checks.ts";
import type { LoadOptions, ReceiveOptions, SignalOption, StorageOption } from "../engine/methods/options.ts";
import { otherRowCount, receiverEnded } from "../errors.ts";
import type { LoadedPoints } from "../loaded-points.ts";
import { yieldToEvents } from "../pause.ts";
import { Blocks, type BlocksSetting } from "./blocks.ts";

/**
 * Some numbers, row by row: in an array, which may begin and end within a row; as bytes (little-endian, of the dtype),
 * which may begin and end within a number; or as points are given elsewhere, in whole rows.
 */
export type PointsPiece = Float64Array | Float32Array | Uint8Array | PointsLike;

/** Pieces are gathered in memory of this many bytes. It is given back while its rows go where points are stored. */
const BLOCK_BYTES = 2 ** 22;

export interface ReceiverSetting extends BlocksSetting {
  readonly load: (source: PointSource, options: LoadOptions & StorageOption & SignalOption) => Promise<LoadedPoints>;
}

/** Takes points in pieces of any sizes: the points are the same. */
export class PointsReceiver {
  readonly #shape: Required<Omit<ReceiveOptions, "rows" | "storage">> & Pick<ReceiveOptions, "rows">;
  readonly #setting: ReceiverSetting;
  readonly #blocks: Blocks;
  #open = true;

  /** @internal Use `receive` of an engine. @throws INVALID_OPTION, ALLOCATION_FAILED, STORAGE_FAILED */
  constructor({ features, dtype = "f64", rows, storage = "memory" }: ReceiveOptions, setting: ReceiverSetting) {
    requireInteger("features", features, 1);
    requireOneOf("dtype", dtype, ["f64", "f32"]);
    if (rows !== undefined) requireInteger("rows", rows, 1);
    requireStorage(storage);
    this.#shape = { features, dtype, ...(rows !== undefined && { rows }) };
    this.#setting = setting;
    const rowBytes = features * this.#numberBytes;
    const blockBytes = Math.max(1, Math.floor(BLOCK_BYTES / rowBytes)) * rowBytes;
    this.#blocks = new Blocks(blockBytes, storage, { ...setting, rowBytes });
    this.#blocks.admit((rows ?? 1) * rowBytes);
  }

  /** Copies a piece, which may then be used for something else. @throws INVALID_POINTS, ALLOCATION_FAILED, STORAGE_FAILED */
  write(piece: PointsPiece): void {
    if (!this.#open) throw receiverEnded();
    if (piece instanceof Uint8Array) this.#blocks.add(piece);
    else if (piece instanceof Float64Array || piece instanceof Float32Array) this.#blocks.add(this.#bytesOf(piece));
    else for (const numbers of this.#numbersIn(piece)) this.#blocks.add(this.#bytesOf(numbers));
  }

  /**
   * All pieces are there: stores the points. Nothing can be written from here on.
   * Rejects with INVALID_POINTS, EMPTY_DATA, NON_FINITE_POINT, OVERFLOW, and as `load` does.
   */
  async end(options: LoadOptions & SignalOption = {}): Promise<LoadedPoints> {
    if (!this.#open) throw receiverEnded();
    this.#open = false;
    const blocks = this.#blocks;
    try {
      blocks.end();
      const { features, rows } = this.#shape;
      const got = blocks.bytes / (features * this.#numberBytes);
      if (got !== (rows ?? Math.floor(got))) throw otherRowCount(rows, features, blocks.bytes / this.#numberBytes);
      const storage = blocks.inFile ? "file" : "memory";
      return await this.#setting.load(this.#source(got), { ...options, storage });
    } finally {
      blocks.close();
    }
  }

  get #numberBytes(): number {
    return this.#shape.dtype === "f64" ? 8 : 4;
  }

  #bytesOf(numbers: Float64Array | Float32Array): Uint8Array {
    const wanted = this.#shape.dtype === "f64" ? Float64Array : Float32Array;
    if (numbers instanceof Float64Array && this.#shape.dtype === "f32") this.#requireFloat32(numbers);
    const { buffer, byteOffset, byteLength } = numbers instanceof wanted ? numbers : wanted.from(numbers);
    return new Uint8Array(buffer, byteOffset, byteLength);
  }

  #requireFloat32(numbers: Float64Array): void {
    const wrong = numbers.findIndex((value) => Number.isFinite(value) && !Number.isFinite(Math.fround(value)));
    if (wrong < 0) return;
    const { features } = this.#shape;
    const at = Math.floor(this.#blocks.bytes / this.#numberBytes) + wrong;
    throw beyondFloat32(placeInArray(Math.floor(at / features), at % features), numbers[wrong]);
  }

  /** The numbers of whole rows, some at a time. */
  *#numbersIn(piece: PointsLike): Generator<Float64Array> {
    const source = openPoints(piece);
    const { features } = this.#shape;
    if (source.features !== features) throw featuresMismatch(features, source.features);
    for (const batch of source.batches(source.count("error").rows)) {
      yield Float64Array.from({ length: batch.rowCount * features }, (_, i) =>
        numberAt(batch, Math.floor(i / features), i % features),
      );
    }
  }

  /** Blocks in memory are given back one after the other as they are read. */
  #source(rows: number): PointSource {
    const { features, dtype } = this.#shape;
    const blocks = this.#blocks;
    const perBlock = blocks.blockBytes / (features * this.#numberBytes);
    const batchOf = (block: number): RowBatch => {
      const memory = blocks.read(block);
      const values = dtype === "f64" ? new Float64Array(memory) : new Float32Array(memory);
      return rowMajorBatch(values, Math.min(perBlock, rows - block * perBlock), features);
    };
    const complete = async () => {
      let count = 0;
      for (let block = 0; block < blocks.count; block++) {
        count += completeRows(batchOf(block));
        await yieldToEvents();
      }
      return count;
    };
    return {
      features,
      dtype,
      weighted: false,
      // The complete rows are counted at once, so that the batches in memory are asked for a single time.
      count: async (missing: MissingOption) => ({ rows, complete: missing === "drop" ? await complete() : null }),
      *batches() {
        for (let block = 0; block < blocks.count; block++) {
          yield batchOf(block);
          blocks.giveBack(block);
        }
      },
      place: placeInArray,
    };
  }
}
