/** A type of elements of an .npy file. */
export interface NpyElement {
  readonly bytes: number;
  /** whether f32 holds its values exactly and is how they are stored */
  readonly single: boolean;
  readonly kind: "number" | "boolean";
  /** The element of each index in a buffer. */
  reader(buffer: ArrayBuffer): (index: number) => number;
}

function element(
  bytes: number,
  reader: NpyElement["reader"],
  { single = false, kind = "number" }: Partial<Pick<NpyElement, "single" | "kind">> = {},
): NpyElement {
  return { bytes, single, kind, reader };
}

/** By NumPy's letter and size. */
export const ELEMENTS: Readonly<Record<string, NpyElement>> = {
  f8: element(8, (buffer) => {
    const values = new Float64Array(buffer);
    return (index) => values[index];
  }),
  f4: element(4, (buffer) => plain(new Float32Array(buffer)), { single: true }),
  f2: element(2, halves, { single: true }),
  i8: element(8, (buffer) => big(new BigInt64Array(buffer))),
  u8: element(8, (buffer) => big(new BigUint64Array(buffer))),
  i4: element(4, (buffer) => plain(new Int32Array(buffer))),
  u4: element(4, (buffer) => plain(new Uint32Array(buffer))),
  i2: element(2, (buffer) => plain(new Int16Array(buffer))),
  u2: element(2, (buffer) => plain(new Uint16Array(buffer))),
  i1: element(1, (buffer) => plain(new Int8Array(buffer))),
  u1: element(1, (buffer) => plain(new Uint8Array(buffer))),
  b1: element(1, truths, { kind: "boolean" }),
};

function plain(values: Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array) {
  return (index: number) => values[index];
}

function big(values: BigInt64Array | BigUint64Array) {
  return (index: number) => Number(values[index]);
}

function truths(buffer: ArrayBuffer) {
  const values = new Uint8Array(buffer);
  return (index: number) => (values[index] === 0 ? 0 : 1);
}

/** IEEE half precision. */
function halves(buffer: ArrayBuffer) {
  const values = new Uint16Array(buffer);
  return (index: number) => halfValue(values[index]);
}

function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
