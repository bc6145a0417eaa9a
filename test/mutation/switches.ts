// What the schemata of mutants ask while they run, in the process of worker.ts.

/** −1: none */
export let activeMutant = -1;

const reached: true[] = [];
const remakes: (() => void)[] = [];
let mostLoops = Number.POSITIVE_INFINITY;
let loops = 0;

/** Makes a mutant the active one, with so many rounds of loops to go before they are taken for endless. */
export function activate(mutant: number, constants: boolean, most: number): void {
  activeMutant = mutant;
  loops = 0;
  reached.length = 0;
  mostLoops = most;
  if (constants) for (const remake of remakes) remake();
}

/** What happened since: rounds of loops, and the mutants that were come by. */
export function happened(): { readonly loops: number; readonly reached: number[] } {
  return { loops, reached: Object.keys(reached).map(Number) };
}

export function reach(mutant: number): false {
  reached[mutant] = true;
  return false;
}

export function loop(): void {
  loops += 1;
  if (loops > mostLoops) throw new Error("endless");
}

export function constant<T>(make: () => T, set: (made: T) => void): T {
  remakes.push(() => set(make()));
  return make();
}
