import { CompressionType, compressionRegistry } from "apache-arrow";
import { unpackLz4Frame } from "./lz4.ts";

let registered = false;

/** Lets Arrow unpack compressed buffers: LZ4, and zstd where this Node has it. in: zlib, of Node */
export function registerCodecs(zlib: object): void {
  if (registered) return;
  registered = true;
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: unpackLz4Frame });
  if ("zstdDecompressSync" in zlib) {
    const unpack = zlib.zstdDecompressSync as (bytes: Uint8Array) => Uint8Array;
    compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => new Uint8Array(unpack(bytes)) });
  }
}
