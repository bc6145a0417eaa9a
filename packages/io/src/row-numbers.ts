const NAMES =
  /^(|#|n[or]\.?|index|idx|id|_?row(s|_?(num|number|names?|id|index|nr))?|rownum|unnamed: ?\d+|__index_level_\d+__|level_0|_index)$/i;

/** Fewer rows count nothing. */
const FEWEST = 3;

/**
 * Whether a column only counts the rows: 0, 1, 2 … or 1, 2, 3 …, under a name that says so or under none.
 * in: name, "" where the file gives none; values, from the first row on, gaps between parts of a sample allowed
 */
export function countsRows(name: string, values: readonly number[]): boolean {
  if (!NAMES.test(name.trim()) || values.length < FEWEST || (values[0] !== 0 && values[0] !== 1)) return false;
  let gaps = 0;
  for (let row = 1; row < values.length; row++) {
    const step = values[row] - values[row - 1];
    if (!Number.isInteger(values[row]) || step < 1) return false;
    if (step > 1) gaps++;
  }
  return gaps <= MOST_GAPS && values[1] - values[0] === 1 && values[2] - values[1] === 1;
}

const MOST_GAPS = 7;
