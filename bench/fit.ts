import type { FitAnswer, FitQuestion } from "./children/fit.ts";
import { inChild } from "./support/child.ts";
import { entriesNamed, kernelKinds, numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { mebibytes, short, Table } from "./support/table.ts";
import { customWorkload, SHAPES, type Workload } from "./support/workloads.ts";

const FLAGS = ["rows", "count", "threads", "kernel", "iterations"];

type Row = Pick<FitQuestion, "workload" | "options" | "fits">;

/** Whole fits, each in a process of its own: time, memory, iterations and the log-likelihood reached. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const [kernel] = kernelKinds(flags.kernel, []);
  const rows = chosenRows(flags);
  console.log(describeMachine());
  const table = new Table(COLUMNS);
  for (const threads of numbers(flags.threads, [2])) {
    for (const row of rows) {
      const question: FitQuestion = { ...row, threads, kernel };
      print(table, question, await inChild<FitQuestion, FitAnswer>("fit", question));
    }
  }
  console.log(NOTES);
}

const NOTES = `Times in s, memory in MiB. others: cores that they kept busy during the fit. again: the same fit, warm.
peak: resident beyond the caller's points and a bare process; may: what emix plan says, and 128 MiB.
log-likelihood: mean of a point, of the final mixture.`;

const COLUMNS = {
  points: 16,
  n: 7,
  d: 2,
  k: 3,
  type: 9,
  threads: 1,
  load: 6,
  fit: 7,
  others: 6,
  again: 7,
  peak: 5,
  may: 5,
  memory: 4,
  iterations: 3,
  "log-likelihood": 14,
};

function print(table: Table, { workload, threads }: FitQuestion, { outcome, ...measured }: FitAnswer): void {
  const { peak, promise, load, fit, again, outsideLoad } = measured;
  const ended = typeof outcome === "string" ? { iterations: "–", "log-likelihood": outcome } : told(outcome);
  table.print({
    points: workload.name,
    n: String(workload.count),
    d: String(workload.features),
    k: String(workload.components),
    type: workload.covarianceType,
    threads: String(threads),
    load: short(load / 1000),
    fit: short(fit / 1000),
    others: outsideLoad.toFixed(2),
    again: again === null ? "" : short(again / 1000),
    peak: mebibytes(peak),
    may: mebibytes(promise),
    memory: peak <= promise ? "kept" : "OVER",
    ...ended,
  });
}

function told({ iterations, converged, lowerBound }: { iterations: number; converged: boolean; lowerBound: number }) {
  return { iterations: `${iterations}${converged ? "" : "…"}`, "log-likelihood": lowerBound.toFixed(8) };
}

function chosenRows(flags: ReturnType<typeof readFlags>): Row[] {
  const rows = allRows(wholeNumber(flags.count, 100_000), wholeNumber(flags.iterations, 100));
  return entriesNamed(rows, flags.rows, "row").map(([, row]) => row);
}

function allRows(count: number, maxIterations: number): Record<string, Row> {
  const row = (name: string, changes: Partial<Workload>, options: Row["options"] = { maxIterations }, fits = 1) => ({
    [name]: { workload: customWorkload({ count, features: 8, components: 8, ...changes, name }), options, fits },
  });
  const large = { count: 1_000_000, features: 16, components: 16 };
  const wide = { count: 200_000, features: 64, components: 64 };
  return {
    ...row("small", { count: 150, features: 4, components: 3 }),
    ...row("overlapping", { spread: 0.35 }),
    ...Object.assign({}, ...SHAPES.map((shape) => row(shape, { shape }))),
    ...row("tied", { covarianceType: "tied" }),
    ...row("diag", { covarianceType: "diag" }),
    ...row("spherical", { covarianceType: "spherical" }),
    ...row("f32", { dtype: "f32" }),
    ...row("memory", large, { maxIterations: 4 }),
    ...row("memory-wide", wide, { maxIterations: 4 }),
    ...row("memory-repeated", { ...wide, count: 60_000 }, { initialization: "random", maxIterations: 1 }, 20),
    ...row("memory-restarts", large, { restarts: 10, maxIterations: 2 }),
  };
}
