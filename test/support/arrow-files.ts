import { zstdCompressSync } from "node:zlib";
import * as arrow from "apache-arrow";

/** An LZ4 frame with one block of literals. */
function lz4Frame(bytes: Uint8Array): Buffer {
  const more = bytes.length - 15;
  const run = more < 0 ? [] : [...Array.from({ length: Math.floor(more / 255) }, () => 255), more % 255];
  const block = Buffer.concat([Buffer.of(Math.min(bytes.length, 15) << 4, ...run), bytes]);
  const frame = Buffer.alloc(11);
  frame.writeUInt32LE(0x184d2204);
  frame.set([0x60, 0x40, 0x82], 4);
  frame.writeUInt32LE(block.length, 7);
  return Buffer.concat([frame, block, Buffer.alloc(4)]);
}

const CODECS = { zstd: arrow.CompressionType.ZSTD, lz4: arrow.CompressionType.LZ4_FRAME } as const;
const ENCODE = { zstd: zstdCompressSync, lz4: lz4Frame } as const;

/** Three rows of every kind of column, as an Arrow file or stream. */
export function arrowBytes(form: "file" | "stream", codec?: keyof typeof CODECS): Buffer {
  const { vectorFromArray, Field, FixedSizeList, Float64, Table } = arrow;
  const list = new FixedSizeList(2, new Field("item", new Float64(), true));
  const table = new Table({
    index: vectorFromArray([0, 1, 2], new arrow.Int32()),
    double: vectorFromArray([1.5, 2.5, 3.5], new Float64()),
    single: vectorFromArray([0.5, 1.5, 2.5], new arrow.Float32()),
    integer: vectorFromArray([-1, -2, -3], new arrow.Int16()),
    wide: vectorFromArray([7n, 8n, 9n], new arrow.Int64()),
    half: vectorFromArray([0.25, 0.5, 0.75], new arrow.Float16()),
    ok: vectorFromArray([true, false, true], new arrow.Bool()),
    list: vectorFromArray(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      list,
    ),
    text: vectorFromArray(["x", "y", "z"], new arrow.Utf8()),
    time: vectorFromArray(
      [new Date("2001-01-01"), new Date("2001-01-02"), new Date("2001-01-03")],
      new arrow.TimestampMillisecond(),
    ),
  });
  if (codec === undefined) return Buffer.from(arrow.tableToIPC(table, form));
  arrow.compressionRegistry.set(CODECS[codec], { encode: ENCODE[codec] });
  return Buffer.from(arrow.tableToIPC(table, form, CODECS[codec]));
}
