import type { WholeAnswer, WholeQuestion } from "./children/whole.ts";
import { inChild } from "./support/child.ts";
import { kernelKinds, list, numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { short, Table } from "./support/table.ts";
import { customWorkload, type Workload, workloadsNamed } from "./support/workloads.ts";

const FLAGS = ["workload", "threads", "kernel", "iterations", "repeats"];

/** Every phase of a warm fit beside its EM step. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const [threads] = numbers(flags.threads, [2]);
  const [kernel = "simd256"] = kernelKinds(flags.kernel, []);
  const iterations = wholeNumber(flags.iterations, 3);
  const repeats = wholeNumber(flags.repeats, 5);
  console.log(describeMachine());
  const table = new Table(COLUMNS);
  for (const workload of list(flags.workload, ["w1", "w2s", "w3", "k256"]).flatMap(workloadOf)) {
    const question: WholeQuestion = { workload, threads, kernel, iterations, repeats };
    print(table, workload, await inChild<WholeQuestion, WholeAnswer>("whole", question));
  }
  console.log(
    `ms of the quickest of ${repeats} warm fits of ${iterations} steps, ${threads} threads, ${kernel}; cold is the first.`,
  );
  console.log(
    "step: a pass of EM. start: on a sample. components: passes over components. between: outside all these. Passes that",
  );
  console.log(
    "overlap share their time, so all add up to the fit. around: all but EM, the start and k-means++, in steps.",
  );
}

const COLUMNS = {
  workload: 8,
  load: 6,
  cold: 7,
  fit: 7,
  step: 7,
  start: 7,
  summary: 7,
  "k-means++": 9,
  assignment: 10,
  reduce: 6,
  components: 10,
  scoring: 7,
  other: 6,
  between: 7,
  around: 6,
  others: 6,
};

/** What the other columns hold. */
const NAMED = [
  ...["expectation", "moments", "distances", "nearest", "labelled", "reduction"],
  ...["judgement", "moves", "evaluation", "start", "between"],
];

function print(
  table: Table,
  { name }: Workload,
  { load, cold, fit, phases, iterations, outsideLoad }: WholeAnswer,
): void {
  const of = (kind: string) => phases[kind] ?? 0;
  const step = of("expectation") / iterations;
  const around = fit - of("expectation") - of("distances") - of("start");
  table.print({
    workload: name,
    load: short(load),
    cold: short(cold),
    fit: short(fit),
    step: short(step),
    start: short(of("start")),
    summary: short(of("moments")),
    "k-means++": short(of("distances")),
    assignment: short(of("nearest") + of("labelled")),
    reduce: short(of("reduction")),
    components: short(of("judgement") + of("moves")),
    scoring: short(of("evaluation")),
    other: short(fit - NAMED.reduce((sum, kind) => sum + of(kind), 0)),
    between: short(of("between")),
    around: (around / step).toFixed(2),
    others: outsideLoad.toFixed(2),
  });
}

function workloadOf(name: string): Workload[] {
  if (name !== "k256") return workloadsNamed([name]);
  return [customWorkload({ name, count: 100_000, components: 256 })];
}
