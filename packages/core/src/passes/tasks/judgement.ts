import { writeJudgement } from "../../components/findings.ts";
import { judge } from "../../components/judgement.ts";
import { partOf } from "../../components/part.ts";
import type { KernelCache } from "../../kernels/kernel-cache.ts";
import type { Tiles } from "../../points/tiles.ts";
import type { BlockTask, JudgementPass } from "../pass.ts";

/** Judges the components [first, end). */
export function judgement(
  { question, program, findings }: JudgementPass,
  _tiles: Tiles,
  kernels: KernelCache,
): BlockTask {
  const many = program && kernels.triangles(program, question.statistics.layout.features);
  return (first, end) => writeJudgement(judge(partOf(question, { first, end }), many), first, findings);
}
