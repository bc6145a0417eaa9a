/**
 * Work that may pause wherever it yields, which it does after every STRETCH numbers: a thread that must stay responsive
 * lets its events through there.
 */
export type Stretches<T> = Generator<void, T, void>;

/** Numbers that are gone over at a time, less than a millisecond of work. */
export const STRETCH: number = 1 << 17;

/** Rows of so many numbers that are gone over at a time. */
export function rowsInStretch(columns: number): number {
  return Math.max(1, Math.floor(STRETCH / columns));
}

/** Does the work without a pause. */
export function atOnce<T>(work: Stretches<T>): T {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}

/** Does the work with a pause after every stretch. */
export async function withPauses<T>(work: Stretches<T>, pause: () => Promise<void> | void): Promise<T> {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
    await pause();
  }
}
