import { draw } from "../data.ts";
import { answer } from "../support/child.ts";
import { type Emix, type EmixOptions, openEmix } from "../support/emix.ts";
import { watchOutsideLoad } from "../support/outside-load.ts";
import { customWorkload, type Workload } from "../support/workloads.ts";

export interface FirstStepQuestion extends EmixOptions {
  readonly workload: Workload;
  /** steps to find the quickest of */
  readonly warmSteps: number;
}

/** milliseconds */
export interface FirstStepAnswer {
  /** a step of quite another shape, the first of the process: threads start */
  readonly start: number;
  /** the first step of this shape */
  readonly first: number;
  readonly warm: number;
  /** cores that others kept busy meanwhile */
  readonly outsideLoad: number;
}

const OTHER = customWorkload({ count: 200_000, features: 3, components: 2, covarianceType: "spherical" });

await answer(async ({ workload, warmSteps, ...options }: FirstStepQuestion): Promise<FirstStepAnswer> => {
  const emix = await openEmix(options);
  const start = await (await stepper(emix, OTHER))();
  const step = await stepper(emix, workload);
  const outsideLoad = watchOutsideLoad();
  const first = await step();
  const warm = [];
  for (let i = 0; i < warmSteps; i++) warm.push(await step());
  const others = outsideLoad();
  await emix.close();
  return { start, first, warm: Math.min(...warm), outsideLoad: others };
});

/** out: takes one step and tells how long it was */
async function stepper(emix: Emix, workload: Workload): Promise<() => Promise<number>> {
  const { points, start } = draw(workload);
  const loaded = await emix.load(points);
  return async () => {
    const began = performance.now();
    await loaded.steps(start, 1);
    return performance.now() - began;
  };
}
