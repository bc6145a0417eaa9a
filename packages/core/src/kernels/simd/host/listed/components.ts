/** Some components, rising: the first `count` of the numbers. */
export interface Components {
  readonly numbers: Int32Array;
  count: number;
}

export function roomFor(components: number): Components {
  return { numbers: new Int32Array(components), count: 0 };
}

export function copyTo(to: Components, { numbers, count }: Components): void {
  for (let i = 0; i < count; i++) to.numbers[i] = numbers[i];
  to.count = count;
}

/** to ← a and b, which have none in common */
export function unite(to: Components, a: Components, b: Components): void {
  to.count = 0;
  for (let i = 0, j = 0; i < a.count || j < b.count; ) {
    const fromA = j === b.count || (i < a.count && a.numbers[i] < b.numbers[j]);
    to.numbers[to.count++] = fromA ? a.numbers[i++] : b.numbers[j++];
  }
}
