import {
  copyFindings,
  type Findings,
  findingsBytes,
  findingsIn,
  judgementFrom,
  roomForFindings,
} from "../../components/findings.ts";
import { areApart, type Judgement, judge, type Question } from "../../components/judgement.ts";
import { partOf, type Range } from "../../components/part.ts";
import type { Resolution } from "../../components/resolution/resolution.ts";
import { type AnyExecutor, type Executor, isLocal } from "../executor.ts";
import { type JudgementPass, NO_PARAMETERS } from "../pass.ts";
import { withLent } from "./lent.ts";
import { trianglesHere, trianglesProgram } from "./many.ts";
import { inWaves, paysInThreads } from "./waves.ts";

/**
 * Judges the components of a question, on all threads where that is much work. Where each has its own covariance, it also finds
 * what the limits make of them. @throws OVERFLOW
 */
export async function judgeComponents(
  executor: AnyExecutor,
  question: Question,
  resolution: Resolution | null,
): Promise<Judgement> {
  const limiting = { ...question, resolution };
  if (isLocal(executor) && pays(executor, question)) return judgeInWaves(executor, limiting);
  return judge(limiting, trianglesHere(executor, question.statistics.layout));
}

function pays(executor: Executor, question: Question): boolean {
  const { layout } = question.statistics;
  // Fewer points than that leave directions, which are found here.
  const several = executor.tiles.count >= layout.components * layout.features;
  return several && areApart(question) && paysInThreads(executor, layout);
}

async function judgeInWaves(executor: Executor, question: Question): Promise<Judgement> {
  const { layout } = question.statistics;
  const { components } = layout;
  const program = trianglesProgram(executor, layout);
  const all = roomForFindings(question, (length) => new Float64Array(length));
  await inWaves(components, findingsBytes(question), (range) => judgeSome(executor, { question, program }, range, all));
  return judgementFrom(all, question);
}

/** out: all */
function judgeSome(
  executor: Executor,
  { question, program }: Pick<JudgementPass, "question" | "program">,
  range: Range,
  all: Findings,
): Promise<void> {
  const part = partOf(question, range);
  return executor.lend((range.end - range.first) * findingsBytes(question), (memory) =>
    withLent(executor, part, async (shared) => {
      const findings = findingsIn(memory, part);
      await executor.run({ kind: "judgement", parameters: NO_PARAMETERS, question: shared, program, findings }, () => {
        copyFindings(findings, range.first, all);
      });
    }),
  );
}
