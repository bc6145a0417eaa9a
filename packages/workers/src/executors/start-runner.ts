import {
  type CompiledModule,
  doAlone,
  fromPlainError,
  type Iteration,
  type KernelCache,
  type KernelPrograms,
  type KernelSettings,
  type LoneJob,
  loneFlops,
} from "@emix/core";
import type { CancelFlag } from "../cancel.ts";
import { aborted } from "../errors.ts";
import { isShared } from "../memory.ts";
import type { StartReply } from "../messages/protocol.ts";
import { yieldToEvents } from "../pause.ts";
import type { Pool } from "../pool.ts";
import type { JobTurns } from "../queue/job-turns.ts";
import { Attempts } from "./attempts.ts";
import { SoloExecutor } from "./solo-executor.ts";
import { type Watched, watch } from "./watchdog.ts";

/** Does a job on one thread. */
export type RunAlone = (job: LoneJob) => Promise<Iteration>;

/** A job with fewer flops is done here, before workers could have been started for it. */
const SMALL_JOB = 2 ** 27;

/** So is one with nothing beside it, if its passes are short: they go over fewer bytes. */
const SMALL_SAMPLE = 2 ** 20;

export interface StartSetting {
  /** Makes the pool when it is first asked for; called only if there is enough work. */
  readonly pool: () => Promise<Pool>;
  readonly settings: KernelSettings;
  /** by these settings */
  readonly programs: KernelPrograms;
  /** of this thread */
  readonly kernels: KernelCache;
  readonly cancel: CancelFlag;
  readonly turns: JobTurns;
  /** how long workers may stand still, in milliseconds */
  readonly stepTimeout: number;
}

/** Does each job on one worker, so that several are done side by side; a small one in this thread. */
export function startRunner({ pool, settings, programs, kernels, cancel, turns, stepTimeout }: StartSetting): RunAlone {
  return async (job) => {
    const { sample } = job;
    if (isSmall(job) || !isShared(sample)) {
      const pause = () => turns.own(yieldToEvents);
      return doAlone(new SoloExecutor(sample, { programs, kernels, cancel, pause }), job);
    }
    const task = { job, settings, modules: modulesFor(programs, job), cancel: cancel.cell };
    const reply = await turns.threads(async () => {
      const crew = await pool();
      const watched = { limit: stepTimeout, progress: () => cancel.beats, end: () => crew.replace() };
      return retried(() => crew.start(task), watched, cancel);
    });
    if (!reply.ok) throw fromPlainError(reply.error);
    return reply.start;
  };
}

function isSmall(job: LoneJob): boolean {
  const gainsNothing = "isLone" in job && job.isLone && job.sample.data.byteLength < SMALL_SAMPLE;
  return gainsNothing || loneFlops(job) < SMALL_JOB;
}

/** Modules that the job will ask for, by the keys of their programs. Workers write none. */
function modulesFor(programs: KernelPrograms, { sample, components, covarianceType }: LoneJob) {
  const shape = { ...sample, components, covarianceType };
  const kernels = [programs.get(shape, Number.POSITIVE_INFINITY), programs.evaluation(shape, 0)];
  const distances = programs.distances(shape, Number.POSITIVE_INFINITY);
  const balls = programs.balls(shape, Number.POSITIVE_INFINITY);
  const compiled = [
    ...kernels.flatMap((program) => (program.kind === "reference" ? [] : [program.simd])),
    ...(distances.simd ? [distances.simd] : []),
    ...(balls ? [balls] : []),
  ];
  return new Map<string, CompiledModule>(compiled.map(({ key, module }) => [key, module]));
}

/** Asks again if a worker dies or hangs. */
async function retried(ask: () => Promise<StartReply>, watched: Watched, cancel: CancelFlag): Promise<StartReply> {
  const attempts = new Attempts(watched.limit);
  for (;;) {
    const reply = Promise.allSettled([ask()]);
    const hung = await watch(reply, watched);
    const [answer] = await reply;
    if (answer.status === "fulfilled") return answer.value;
    if (cancel.isSet) throw aborted();
    attempts.failed(answer.reason, hung);
  }
}
