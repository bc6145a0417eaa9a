/** Numbers in any nesting. */
export type Nested = number | ArrayLike<number> | readonly Nested[];

/** All numbers of a nesting, in order. */
export function flat(values: Nested): number[] {
  return typeof values === "number" ? [values] : Array.from(values as ArrayLike<Nested>).flatMap(flat);
}

/** max |a − b| / max(1, |b|); ∞ when the lengths differ or anything is not finite. */
export function error(actual: Nested, expected: Nested): number {
  const a = flat(actual);
  const b = flat(expected);
  if (a.length !== b.length || a.length === 0) return Number.POSITIVE_INFINITY;
  return a.reduce((worst, value, i) => {
    const distance = Math.abs(value - b[i]) / Math.max(1, Math.abs(b[i]));
    return Math.max(worst, Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance);
  }, 0);
}

/** max |a − b| / max |b|, for quantities whose scale is not 1. */
export function scaledError(actual: Nested, expected: Nested): number {
  const scale = flat(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const divided = (values: Nested) => flat(values).map((value) => value / scale);
  return scale === 0 ? error(actual, expected) : error(divided(actual), divided(expected));
}

/** n × k row-major, a row at a time. */
export function rows(values: ArrayLike<number>, columns: number): number[][] {
  return Array.from({ length: values.length / columns }, (_, i) =>
    Array.from({ length: columns }, (_, j) => values[i * columns + j]),
  );
}

/** The first index at which two arrays differ in bits, or -1. Diffs of long arrays take a test runner minutes. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (!Object.is(a[i], b[i])) return i;
  return -1;
}
