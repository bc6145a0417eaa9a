import { join } from "node:path";
import {
  circles,
  type FunctionFigure,
  folders,
  functionsOf,
  importGraph,
  quantile,
  reach,
  typeComparisons,
} from "../support/figures.ts";
import { sourceFiles } from "../support/sources.ts";
import { climbs } from "../support/staircase.ts";

// Figures of the shape of packages/*/src, with their bounds and the worst offenders.
// pnpm figures [root of a checkout] [--all]

const args = process.argv.slice(2);
const root = args.find((arg) => !arg.startsWith("--"));
const most = args.includes("--all") ? Number.POSITIVE_INFINITY : 12;

const files = sourceFiles(root === undefined ? undefined : join(root, "packages"));
const functions = files.flatMap(functionsOf);
const long = functions.filter(({ lines }) => lines > 1);

let failed = 0;
/** One figure beside its bound; its offenders, if it is over. */
function figure(name: string, value: number, bound: number, offenders: readonly string[] = []): void {
  const over = value > bound;
  if (over) failed++;
  console.log(`${over ? "✗" : "✓"} ${name.padEnd(58)} ${String(value).padStart(5)}  ≤ ${bound}`);
  if (!over) return;
  for (const one of offenders.slice(0, most)) console.log(`      ${one}`);
  if (offenders.length > most) console.log(`      … ${offenders.length - most} more (--all)`);
}

const place = ({ file, line, name }: FunctionFigure) => `${file}:${line} ${name}`;
const byLines = files.toSorted((a, b) => b.lines.length - a.lines.length);
const fileLines = files.map(({ lines }) => lines.length);
const longest = byLines.map(({ file, lines }) => `${lines.length} ${file}`);
figure("files: median of lines", quantile(fileLines, 0.5), 80, longest);
figure("files: p90 of lines", quantile(fileLines, 0.9), 160, longest);
const tooLong = byLines.filter(({ file, lines }) => lines.length > 250 && !file.startsWith("core/src/kernels/"));
figure("files: over 250 lines, kernels aside", tooLong.length, 0, longest.slice(0, tooLong.length));

const functionLines = long.map(({ lines }) => lines);
const longestFunctions = long.toSorted((a, b) => b.lines - a.lines).map((one) => `${one.lines} ${place(one)}`);
figure("functions: median of lines (those of more than one)", quantile(functionLines, 0.5), 6, longestFunctions);
figure("functions: p90 of lines", quantile(functionLines, 0.9), 18, longestFunctions);
const wide = functions.filter(({ parameters }) => parameters >= 5).toSorted((a, b) => b.parameters - a.parameters);
figure(
  "functions: with 5 parameters or more",
  wide.length,
  10,
  wide.map((one) => `${one.parameters} ${place(one)}`),
);

const inFolders = [...folders(files)].sort((a, b) => b[1] - a[1]);
const coreRoot = folders(files).get("core/src") ?? 0;
figure(
  "folders: files in core's root",
  coreRoot,
  6,
  files.map(({ file }) => file).filter((file) => /^core\/src\/[^/]+$/.test(file)),
);
figure(
  "folders: most files in one",
  inFolders[0][1],
  15,
  inFolders.filter(([, n]) => n > 15).map(([f, n]) => `${n} ${f}`),
);

const found = circles(importGraph(files, { types: true }));
figure(
  "imports: circles, types counted",
  found.length,
  0,
  found.map((one) => one.join(" → ")),
);
figure("imports: circles at run time", circles(importGraph(files, { types: false })).length, 0);
const climbing = climbs(files);
figure("imports: from a room of core above one's own", climbing.length, 0, climbing);
const options = [...reach(importGraph(files, { types: false }), "core/src/fit/options/resolve.ts")];
figure("imports: files that core/src/fit/options/options.ts loads", options.length, 10, options);

const comparisons = typeComparisons(files);
figure("covariance types compared by name", comparisons.length, 0, comparisons);

console.log(`\n${files.length} files, ${functions.length} functions, ${long.length} of more than one line`);
process.exitCode = failed > 0 ? 1 : 0;
