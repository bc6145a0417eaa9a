import type { FirstStepAnswer, FirstStepQuestion } from "./children/first-step.ts";
import { inChild } from "./support/child.ts";
import { covarianceTypes, kernelKinds, numbers, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { short, Table } from "./support/table.ts";
import { customWorkload, type Workload } from "./support/workloads.ts";

const FLAGS = ["count", "features", "components", "type", "threads", "kernel", "repeats"];

/** The first EM step of a shape in a new process (its kernel is made and compiled in it) against a warm one. */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  const [threads] = numbers(flags.threads, [2]);
  const repeats = wholeNumber(flags.repeats, 3);
  console.log(describeMachine());
  const table = new Table({
    kernel: 9,
    type: 9,
    d: 3,
    "start ms": 8,
    "first ms": 8,
    "warm ms": 8,
    ratio: 6,
    others: 6,
  });
  for (const kernel of kernelKinds(flags.kernel, ["simd"])) {
    for (const workload of workloads(flags)) {
      const { start, first, warm, outsideLoad } = await best({ workload, threads, kernel, warmSteps: 10 }, repeats);
      table.print({
        kernel,
        type: workload.covarianceType,
        d: String(workload.features),
        "start ms": short(start),
        "first ms": short(first),
        "warm ms": short(warm),
        others: outsideLoad.toFixed(2),
        ratio: `${(first / warm).toFixed(2)}×`,
      });
    }
  }
  console.log(
    `${threads} threads, one step a call; minima of ${repeats} processes. start: a step of another shape, before.`,
  );
  console.log("others: cores that they kept busy, at least.");
}

function workloads(flags: ReturnType<typeof readFlags>): Workload[] {
  const components = wholeNumber(flags.components, 16);
  return covarianceTypes(flags.type, ["full", "diag"]).flatMap((covarianceType) =>
    numbers(flags.features, [4, 16, 64]).map((features) => {
      const count = wholeNumber(flags.count, features > 16 ? 4096 : 32_768);
      return customWorkload({ count, features, components, covarianceType, spread: 0.35 });
    }),
  );
}

async function best(question: FirstStepQuestion, repeats: number): Promise<FirstStepAnswer> {
  const answers: FirstStepAnswer[] = [];
  for (let i = 0; i < repeats; i++) answers.push(await inChild("first-step", question));
  const least = (of: keyof FirstStepAnswer) => Math.min(...answers.map((answer) => answer[of]));
  return { start: least("start"), first: least("first"), warm: least("warm"), outsideLoad: least("outsideLoad") };
}
