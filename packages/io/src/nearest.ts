/** The known name that `text` is probably a slip of, or null. */
export function nearest(text: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.min(Math.ceil(text.length / 3) + 1, text.length);
  for (const name of known) {
    const distance = editDistance(text.toLowerCase(), name.toLowerCase(), least);
    if (distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}

/** Insertions, deletions and replacements that turn a into b; `enough` or more where their lengths already say so. */
function editDistance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = previous[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}
