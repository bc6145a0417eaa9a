// V8 gives each array of more than eight doubles memory of its own, which takes ten times as long as a view and is work for the
// garbage collector besides. Small arrays therefore lie side by side in one buffer.

/** Arrays up to this length share buffers, of so many doubles. */
const SMALL = 128;
const SHARED = 1024;

let shared = new Float64Array(0);
let taken = 0;

/** An array of doubles, all 0, that nobody else has. */
export function zeros(length: number): Float64Array {
  if (length > SMALL) return new Float64Array(length);
  if (taken + length > shared.length) {
    shared = new Float64Array(SHARED);
    taken = 0;
  }
  const array = shared.subarray(taken, taken + length);
  taken += length;
  return array;
}

/** A copy of the numbers from `first` to `end`. */
export function copyOf(values: Float64Array, first = 0, end: number = values.length): Float64Array {
  const copy = zeros(end - first);
  for (let i = 0, at = first; at < end; i++, at++) copy[i] = values[at];
  return copy;
}
