import { importGraph } from "./figures.ts";
import type { SourceFile } from "./sources.ts";

/** The rooms of core from the ground up: a file uses its own room and those below, for types as for values. */
const STAIRCASE: readonly string[] = [
  "errors.ts",
  "warnings.ts",
  "elementary/",
  "random.ts",
  "linear-algebra/",
  "covariance/",
  "statistics/",
  "points/",
  "mixture/",
  "components/",
  "kernels/pair-lists.ts",
  "kernels/kernel.ts",
  "kernels/distance-kernel.ts",
  "kernels/reference/",
  "kernels/simd/language/",
  "kernels/simd/arithmetic/",
  "kernels/simd/forms/",
  "kernels/simd/host/",
  "kernels/",
  "passes/",
  "queries/",
  "step/",
  "fit/",
  "gaussian-mixture-options.ts",
  "gaussian-mixture.ts",
  "index.ts",
];

/** The room of a file of core, as its place in STAIRCASE: the longest that holds the file; −1: none does. */
export function stepOf(file: string): number {
  const path = file.slice("core/src/".length);
  const rooms = STAIRCASE.filter((room) => path === room || (room.endsWith("/") && path.startsWith(room)));
  const room = rooms.toSorted((a, b) => b.length - a.length)[0];
  return room === undefined ? -1 : STAIRCASE.indexOf(room);
}

/** "file → what it imports" wherever a file of core uses a room higher up. */
export function climbs(files: readonly SourceFile[]): string[] {
  const core = files.filter((source) => source.package === "core");
  return [...importGraph(core, { types: true })].flatMap(([file, imports]) =>
    imports.filter((target) => stepOf(target) > stepOf(file)).map((target) => `${file} → ${target}`),
  );
}
