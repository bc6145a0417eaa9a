import type { AnyExecutor } from "../executor.ts";

type Numbers = Float64Array | Int8Array | Uint8Array;

/** Lends memory for the arrays of plain data, and gives `use` the same data with its arrays in there. */
export function withLent<T, R>(executor: AnyExecutor, value: T, use: (lent: T) => Promise<R>): Promise<R> {
  let bytes = 0;
  mapArrays(value, (array) => {
    bytes += align(array.byteLength);
    return array;
  });
  return executor.lend(bytes, (memory) => {
    let offset = 0;
    const lent = mapArrays(value, (array) => {
      const make = array.constructor as new (memory: ArrayBufferLike, offset: number, length: number) => Numbers;
      const copy = new make(memory, offset, array.length);
      copy.set(array);
      offset += align(array.byteLength);
      return copy;
    });
    return use(lent);
  });
}

function align(bytes: number): number {
  return 8 * Math.ceil(bytes / 8);
}

/** Plain data with other arrays. */
function mapArrays<T>(value: T, change: (array: Numbers) => Numbers): T {
  const visit = (part: unknown): unknown => {
    if (ArrayBuffer.isView(part)) return change(part as Numbers);
    if (typeof part !== "object" || part === null) return part;
    if (Array.isArray(part)) return part.map(visit);
    return Object.fromEntries(Object.entries(part).map(([name, field]) => [name, visit(field)]));
  };
  return visit(value) as T;
}
