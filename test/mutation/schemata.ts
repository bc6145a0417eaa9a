import { type Mutable, type Mutation, mutableOf } from "./mutators.ts";

/** A mutation by its number, which is the same in all processes. */
export interface Mutant extends Mutation {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  readonly original: string;
}

/** The mutants of some files, numbered in order. */
export function mutantsOf(files: readonly string[], sourceOf: (file: string) => string): Mutant[] {
  let id = 0;
  return files.flatMap((file) => {
    const source = sourceOf(file);
    return mutableOf(file, source).mutations.map((mutation) => ({
      ...mutation,
      id: id++,
      file,
      line: source.slice(0, mutation.start).split("\n").length,
      original: source.slice(mutation.start, mutation.end),
    }));
  });
}

/** How a file asks which mutant is active. */
const IMPORTS = "activeMutant as $active, constant as $constant, loop as $loop, reach as $reach";

/**
 * A file with all its mutants in it, each behind a switch.
 * in: its mutants; switches, the address of that module; reaching: only tell which mutants are come by
 */
export function schemata(
  file: string,
  source: string,
  mutants: readonly Mutant[],
  switches: string,
  reaching: boolean,
): string {
  const { loops } = mutableOf(file, source);
  const places = [
    ...constantPlaces(mutants),
    ...loopPlaces(loops),
    ...mutants.map((mutant) => mutantPlace(mutant, reaching)),
  ];
  return `import { ${IMPORTS} } from ${JSON.stringify(switches)};${rendered(source, places)}`;
}

/** A piece of source, and what to write around it. Of places with the same range the later one lies within. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly around: (text: string) => string;
}

function mutantPlace({ start, end, id, text, statement }: Mutant, reaching: boolean): Place {
  const isActive = reaching ? `$reach(${id})` : `$active === ${id}`;
  const around = statement
    ? (inner: string) => `{ if (!(${isActive})) { ${inner} } }`
    : (inner: string) => `(${isActive} ? (${text}) : (${inner}))`;
  return { start, end, around };
}

/** A mutant may make a loop endless. */
function loopPlaces(loops: Mutable["loops"]): Place[] {
  return loops.map(([start, end]) => ({ start, end, around: (text) => `{ $loop(); ${text} }` }));
}

/** A constant with mutants becomes a variable, which is made anew when one of them is activated. */
function constantPlaces(mutants: readonly Mutant[]): Place[] {
  const found = new Map(mutants.flatMap(({ constant }) => (constant ? [[constant.start, constant] as const] : [])));
  return [...found.values()].flatMap(({ name, keyword, start, end }) => [
    { start: keyword, end: keyword + "const".length, around: () => "let" },
    { start, end, around: (text: string) => `$constant(() => (${text}), (made) => { ${name} = made; })` },
  ]);
}

function rendered(source: string, places: readonly Place[]): string {
  const sorted = places.toSorted((a, b) => a.start - b.start || b.end - a.end);
  let next = 0;
  const render = (start: number, end: number): string => {
    let text = "";
    let at = start;
    while (next < sorted.length && sorted[next].end <= end) {
      const place = sorted[next++];
      text += source.slice(at, place.start);
      text += place.around(render(place.start, place.end));
      at = place.end;
    }
    return text + source.slice(at, end);
  };
  return render(0, source.length);
}
