import { readFileSync, writeFileSync } from "node:fs";

/** Writes an array as NumPy reads it. in: shape, row-major */
export function writeNpy(file: string, data: Float64Array | Float32Array, shape: readonly number[]): void {
  const dimensions = shape.map((length) => `${length},`).join(" ");
  const dictionary = `{'descr': '<f${data.BYTES_PER_ELEMENT}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  // magic (6), version (2), length (2), dictionary, spaces and a newline up to a multiple of 64
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10 + length, " ");
  header.write("\x93NUMPY\x01\x00", "latin1");
  header.writeUInt16LE(length, 8);
  header.write(`${dictionary}`, 10, "latin1");
  header.write("\n", 10 + length - 1, "latin1");
  writeFileSync(file, header);
  writeFileSync(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength), { flag: "a" });
}

/** Reads what `writeNpy` wrote. */
export function readNpy(file: string): Float64Array | Float32Array {
  const bytes = readFileSync(file);
  const start = 10 + bytes.readUInt16LE(8);
  const { buffer } = Uint8Array.from(bytes.subarray(start));
  return bytes.subarray(10, start).includes("<f8") ? new Float64Array(buffer) : new Float32Array(buffer);
}
