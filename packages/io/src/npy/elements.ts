/** A type of elements of an .npy file. */
export interface NpyElement {
  readonly bytes: number;
  /** whether f32 holds its values exactly and is how they are stored */
  readonly single: boolean;
  readonly kind: "number" | "boolean";
  /** whether a double holds each of its values */
  readonly exact: boolean;
  /** The elements of a buffer as floats, in it where they are some. */
  floats(buffer: ArrayBuffer, count: number): Float64Array | Float32Array;
}

function element(
  bytes: number,
  floats: NpyElement["floats"],
  { single = false, kind = "number", exact = true }: Partial<Pick<NpyElement, "single" | "kind" | "exact">> = {},
): NpyElement {
  return { bytes, single, kind, exact, floats };
}

/** By NumPy's letter and size. */
export const ELEMENTS: Readonly<Record<string, NpyElement>> = {
  f8: element(8, (buffer, count) => new Float64Array(buffer, 0, count)),
  f4: element(4, (buffer, count) => new Float32Array(buffer, 0, count), { single: true }),
  f2: element(2, (buffer, count) => Float32Array.from(new Uint16Array(buffer, 0, count), halfValue), { single: true }),
  i8: element(8, (buffer, count) => Float64Array.from(new BigInt64Array(buffer, 0, count), Number), { exact: false }),
  u8: element(8, (buffer, count) => Float64Array.from(new BigUint64Array(buffer, 0, count), Number), { exact: false }),
  i4: element(4, (buffer, count) => new Float64Array(new Int32Array(buffer, 0, count))),
  u4: element(4, (buffer, count) => new Float64Array(new Uint32Array(buffer, 0, count))),
  i2: element(2, (buffer, count) => new Float64Array(new Int16Array(buffer, 0, count))),
  u2: element(2, (buffer, count) => new Float64Array(new Uint16Array(buffer, 0, count))),
  i1: element(1, (buffer, count) => new Float64Array(new Int8Array(buffer, 0, count))),
  u1: element(1, (buffer, count) => new Float64Array(new Uint8Array(buffer, 0, count))),
  b1: element(
    1,
    (buffer, count) => new Float64Array(new Uint8Array(buffer, 0, count).map((value) => (value === 0 ? 0 : 1))),
    { kind: "boolean" },
  ),
};

/** IEEE half precision. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
