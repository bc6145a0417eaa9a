/**
 * The assignment of rows to columns, each to one of its own, of least total cost: the Hungarian method by shortest
 * augmenting paths, with a potential for each row and column. in: costs, n × m, row-major, finite; n ≤ m.
 * out: n, the column of each row
 */
export function assignment(costs: ArrayLike<number>, rows: number, columns: number): Int32Array {
  const state = {
    rowPotential: new Float64Array(rows + 1),
    columnPotential: new Float64Array(columns + 1),
    /** the row that has each column, counted from 1; 0: none. Column 0 holds the row on its way. */
    owner: new Int32Array(columns + 1),
  };
  const cost = (row: number, column: number) => costs[(row - 1) * columns + column - 1];
  for (let row = 1; row <= rows; row++) augment(state, row, cost);
  const columnOf = new Int32Array(rows);
  for (let column = 1; column <= columns; column++) {
    if (state.owner[column] > 0) columnOf[state.owner[column] - 1] = column - 1;
  }
  return columnOf;
}

interface State {
  readonly rowPotential: Float64Array;
  readonly columnPotential: Float64Array;
  readonly owner: Int32Array;
}

/** Gives one more row a column, along the path of least reduced cost to a column that is free. */
function augment(state: State, start: number, cost: (row: number, column: number) => number): void {
  const { rowPotential, columnPotential, owner } = state;
  const least = new Float64Array(owner.length).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(owner.length);
  const visited = new Uint8Array(owner.length);
  owner[0] = start;
  let column = 0;
  while (owner[column] !== 0) {
    visited[column] = 1;
    const row = owner[column];
    let next = 0;
    for (let other = 1; other < owner.length; other++) {
      if (visited[other] === 1) continue;
      const reduced = cost(row, other) - rowPotential[row] - columnPotential[other];
      if (reduced < least[other]) [least[other], before[other]] = [reduced, column];
      if (next === 0 || least[other] < least[next]) next = other;
    }
    const step = least[next];
    for (let other = 0; other < owner.length; other++) {
      if (visited[other] === 0) least[other] -= step;
      else {
        rowPotential[owner[other]] += step;
        columnPotential[other] -= step;
      }
    }
    column = next;
  }
  for (; column !== 0; column = before[column]) owner[column] = owner[before[column]];
}
