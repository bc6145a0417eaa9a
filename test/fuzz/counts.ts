/** Prints how often each thing happened, the most frequent one first. */
export function printCounts(counts: ReadonlyMap<string, number>): void {
  for (const [what, count] of [...counts].sort((a, b) => b[1] - a[1])) {
    console.log(`${String(count).padStart(8)}  ${what}`);
  }
}
