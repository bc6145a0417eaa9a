import { expectationWork, type PlanShape, parameterCount, planFit, STEPS_OF_REFIT } from "@emix/core";
import type { Demand } from "../queue/job-queue.ts";
import type { PointsJob } from "./job.ts";

/** EM rarely takes more iterations. */
const USUAL_ITERATIONS = 60;
/** Of one thread. */
const FLOPS_PER_MILLISECOND = 8e6;

/** Roughly how many E-steps a job that starts from a mixture takes. */
function stepsOf(job: PointsJob): number {
  switch (job.kind) {
    case "em":
      return job.steps;
    case "bootstrap":
      return job.resamples * STEPS_OF_REFIT;
    case "standardErrors":
      return 2 * parameterCount(job.mixture);
    case "merge":
      return job.mixture.components;
    default:
      return 1;
  }
}

/** What a job will take besides its points, by shapes alone. */
export function demandOf(job: PointsJob, shape: PlanShape, threads: number): Omit<Demand, "priority"> {
  const passes = (flops: number, times: number) => (flops * times) / (FLOPS_PER_MILLISECOND * threads);
  if (job.kind === "fit") {
    const { bytes, flopsPerStep } = planFit(shape, job.options, threads);
    const steps = job.options.restarts * Math.min(job.options.maxIterations, USUAL_ITERATIONS);
    return { expected: passes(flopsPerStep, steps), bytes: bytes.slots + bytes.lists + bytes.starts };
  }
  if (job.kind === "order") return { expected: 0, bytes: 0 };
  const steps = stepsOf(job);
  const mixture = job.kind === "start" ? { ...job, features: shape.features } : job.mixture;
  const { components, features, covarianceType } = mixture;
  const kernel = { components, features, covarianceType, dtype: "f64", tileSize: 1 } as const;
  return { expected: passes(expectationWork(shape.points, kernel), steps), bytes: 0 };
}
