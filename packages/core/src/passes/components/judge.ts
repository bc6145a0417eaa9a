import { copyFindings, type Findings, findingsBytes, findingsIn, judgementFrom } from "../../components/findings.ts";
import { type Judgement, judgementOn, type Question } from "../../components/judgement.ts";
import { areApart, partOf, type Range } from "../../components/part.ts";
import { type AnyExecutor, type Executor, isLocal } from "../executor.ts";
import { NO_PARAMETERS } from "../pass.ts";
import { componentsWork } from "../work.ts";
import { withLent } from "./lent.ts";
import { SMALL_COMPONENTS_WORK, WAVE_BYTES } from "./waves.ts";

/** Judges the components of a question, on all threads where that is much work. @throws OVERFLOW */
export async function judgedBy(executor: AnyExecutor, question: Question): Promise<Judgement> {
  return isLocal(executor) && pays(executor, question) ? judgedInWaves(executor, question) : judgementOn(question);
}

function pays({ threads, tiles }: Executor, question: Question): boolean {
  const { components, features } = question.statistics.layout;
  // Fewer points than that leave directions, which are found here.
  const several = tiles.count >= components * features;
  return (
    threads > 1 && several && areApart(question) && componentsWork(question.statistics.layout) >= SMALL_COMPONENTS_WORK
  );
}

async function judgedInWaves(executor: Executor, question: Question): Promise<Judgement> {
  const { components } = question.statistics.layout;
  const all = findingsIn(new ArrayBuffer(components * findingsBytes(question)), question);
  const atOnce = Math.ceil(WAVE_BYTES / findingsBytes(question));
  for (let first = 0; first < components; first += atOnce) {
    await judgeSome(executor, question, { first, end: Math.min(first + atOnce, components) }, all);
  }
  return judgementFrom(all, question);
}

/** out: all */
function judgeSome(executor: Executor, question: Question, range: Range, all: Findings): Promise<void> {
  const part = partOf(question, range);
  return executor.lend((range.end - range.first) * findingsBytes(question), (memory) =>
    withLent(executor, part, async (shared) => {
      const findings = findingsIn(memory, part);
      await executor.run({ kind: "judgement", parameters: NO_PARAMETERS, question: shared, findings }, () => {
        copyFindings(findings, range.first, all);
      });
    }),
  );
}
