/** The components that each point most likely belongs to, and how likely: rows of `size`, the most likely first. */
export interface TopComponents {
  /** n × size: −1 where no further component has a responsibility above 0 */
  readonly components: Int32Array;
  /** n × size */
  readonly responsibilities: Float64Array;
}

/** Before the first component of a row. */
export function clearTop({ components, responsibilities }: TopComponents, row: number, size: number): void {
  components.fill(-1, row * size, (row + 1) * size);
  responsibilities.fill(0, row * size, (row + 1) * size);
}

/** Puts a component into its row if it belongs there. Components come in rising order; of a tie, the first is first. */
export function offerTop(
  { components, responsibilities }: TopComponents,
  { row, size }: { readonly row: number; readonly size: number },
  component: number,
  responsibility: number,
): void {
  const first = row * size;
  let place = first + size;
  while (place > first && responsibility > responsibilities[place - 1]) place--;
  if (place === first + size) return;
  for (let at = first + size - 1; at > place; at--) {
    components[at] = components[at - 1];
    responsibilities[at] = responsibilities[at - 1];
  }
  components[place] = component;
  responsibilities[place] = responsibility;
}
