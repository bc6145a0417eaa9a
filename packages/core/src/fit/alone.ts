import type { CovarianceType } from "../covariance/types.ts";
import type { KernelShape } from "../kernels/kernel.ts";
import type { Executor } from "../passes/executor.ts";
import type { Iteration } from "../step/iteration.ts";
import { fitFlops, startFlops } from "./exchange/budget.ts";
import { makeStart, type StartJob } from "./exchange/start-job.ts";
import { type RefitJob, refit } from "./uncertainty/refit.ts";

/** What one thread does alone while others do something else, as plain data: a start, or a fit of a resample. */
export type LoneJob = StartJob | RefitJob;

/** Does a job, wherever. in: an executor over the sample of the job. @throws a numerical failure */
export function doAlone(executor: Executor, job: LoneJob): Promise<Iteration> {
  return "exchange" in job ? makeStart(executor, job) : refit(executor, job);
}

/** The types of covariances that a job computes with. */
export function covarianceTypesOf(job: LoneJob): ReadonlySet<CovarianceType> {
  const { exchangedAs = job.covarianceType } = "kind" in job ? job.kind : {};
  return new Set([job.covarianceType, exchangedAs]);
}

/** Roughly how many flops a job takes. */
export function loneFlops(job: LoneJob): number {
  const { sample } = job;
  const shape: KernelShape = { ...sample, ...job };
  return "exchange" in job ? startFlops(sample.count, shape, job.exchange) : fitFlops(sample.count, shape);
}
