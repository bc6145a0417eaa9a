// V8 gives each array of more than eight doubles memory of its own, which takes ten times as long as a view and is work for the
// garbage collector besides. Small arrays therefore lie side by side in one buffer.

/** Arrays up to this length share buffers, of this many bytes. */
const SMALL = 256;
const SHARED = 2 ** 14;

let shared = new ArrayBuffer(SHARED);
let taken = 0;

/** An array of doubles, all 0, that nobody else has. */
export function zeros(length: number): Float64Array {
  if (length > SMALL) return new Float64Array(length);
  if (taken + 8 * length > SHARED) {
    shared = new ArrayBuffer(SHARED);
    taken = 0;
  }
  const array = new Float64Array(shared, taken, length);
  taken += 8 * length;
  return array;
}

/** A copy of the numbers from `first` to `end`. */
export function copyOf(values: Float64Array, first = 0, end: number = values.length): Float64Array {
  const copy = zeros(end - first);
  for (let i = 0, at = first; at < end; i++, at++) copy[i] = values[at];
  return copy;
}
