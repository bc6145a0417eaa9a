/** How mass moves from one mixture to another. */
export interface Coupling {
  /** k × m, row-major: how much moves from each component to each of the other mixture */
  readonly plan: Float64Array;
  /** Σ plan · cost */
  readonly cost: number;
}

/**
 * The plan of least cost that moves all supplies to all demands (optimal transport), by successive cheapest paths.
 * in: costs, k × m, at least 0; supplies, k, and demands, m, at least 0, with the same total up to rounding
 */
export function cheapestPlan(costs: Float64Array, supplies: Float64Array, demands: Float64Array): Coupling {
  const [rows, columns] = [supplies.length, demands.length];
  const plan = new Float64Array(rows * columns);
  const left = supplies.slice();
  const wanted = demands.slice();
  const potentials = new Float64Array(rows + columns);
  const total = supplies.reduce((sum, value) => sum + value, 0);
  const least = total * ROUNDING;
  while (left.some((value) => value > least) && wanted.some((value) => value > least)) {
    const path = cheapestPath({ costs, plan, left, wanted, potentials, least });
    if (path.length === 0) break;
    const [first, last] = [path[0].row, path[path.length - 1].column];
    let moved = Math.min(left[first], wanted[last]);
    for (const { row, column, back } of path) if (back) moved = Math.min(moved, plan[row * columns + column]);
    for (const { row, column, back } of path) plan[row * columns + column] += back ? -moved : moved;
    left[first] -= moved;
    wanted[last] -= moved;
  }
  return { plan, cost: plan.reduce((sum, value, i) => sum + value * costs[i], 0) };
}

/** A share of the whole that is only rounding. */
const ROUNDING = 2 ** -50;

interface Edge {
  readonly row: number;
  readonly column: number;
  /** mass goes back along it */
  readonly back: boolean;
}

interface Transport {
  readonly costs: Float64Array;
  readonly plan: Float64Array;
  readonly left: Float64Array;
  readonly wanted: Float64Array;
  /** the potentials of rows, then of columns; updated */
  readonly potentials: Float64Array;
  readonly least: number;
}

/** Dijkstra's path by reduced costs, from rows with mass left to a column that wants some. */
function cheapestPath({ costs, plan, left, wanted, potentials, least }: Transport): Edge[] {
  const [rows, columns] = [left.length, wanted.length];
  const nodes = rows + columns;
  const distance = Float64Array.from({ length: nodes }, (_, node) =>
    node < rows && left[node] > least ? 0 : Number.POSITIVE_INFINITY,
  );
  const before = new Int32Array(nodes).fill(-1);
  const done = new Uint8Array(nodes);
  const relax = (from: number, to: number, cost: number) => {
    const reduced = distance[from] + Math.max(0, cost + potentials[from] - potentials[to]);
    if (reduced < distance[to]) [distance[to], before[to]] = [reduced, from];
  };
  let end = -1;
  for (;;) {
    const node = nearest(distance, done);
    if (node < 0) return [];
    done[node] = 1;
    if (node >= rows && wanted[node - rows] > least) {
      end = node;
      break;
    }
    for (let other = 0; other < (node < rows ? columns : rows); other++) {
      const [row, column] = node < rows ? [node, other] : [other, node - rows];
      const cost = costs[row * columns + column];
      if (node < rows) relax(node, rows + column, cost);
      else if (plan[row * columns + column] > 0) relax(node, row, -cost);
    }
  }
  for (let node = 0; node < nodes; node++) potentials[node] += Math.min(distance[node], distance[end]);
  const path: Edge[] = [];
  for (let node = end; before[node] >= 0; node = before[node]) {
    const from = before[node];
    path.unshift(
      from < rows ? { row: from, column: node - rows, back: false } : { row: node, column: from - rows, back: true },
    );
  }
  return path;
}

function nearest(distance: Float64Array, done: Uint8Array): number {
  let best = -1;
  for (let node = 0; node < distance.length; node++) {
    if (
      done[node] === 0 &&
      distance[node] < Number.POSITIVE_INFINITY &&
      (best < 0 || distance[node] < distance[best])
    ) {
      best = node;
    }
  }
  return best;
}
