import { writeJudgement } from "../../components/findings.ts";
import { judge } from "../../components/judgement.ts";
import { partOf } from "../../components/part.ts";
import type { BlockTask, JudgementPass } from "../pass.ts";

/** Judges the components [first, end). */
export function judgement({ question, findings }: JudgementPass): BlockTask {
  return (first, end) => writeJudgement(judge(partOf(question, { first, end })), first, findings);
}
