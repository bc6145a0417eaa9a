import {
  type CompiledModule,
  type CovarianceType,
  covarianceTypesOf,
  doAlone,
  expectationWork,
  fromPlainError,
  type Iteration,
  type KernelCache,
  type KernelProgram,
  type KernelPrograms,
  type KernelSettings,
  type LoneJob,
  loneFlops,
} from "@emix/core";
import type { CancelFlag } from "../cancel.ts";
import { abortedWork } from "../errors.ts";
import { isShared } from "../memory.ts";
import type { StartReply } from "../messages/protocol.ts";
import { yieldToEvents } from "../pause.ts";
import type { Pool } from "../pool.ts";
import type { JobTurns } from "../queue/job-turns.ts";
import { Attempts } from "./attempts.ts";
import { SoloExecutor } from "./solo-executor.ts";
import { type WatchedWork, watch } from "./watchdog.ts";

/** Does a job on one thread. */
export type RunAlone = (job: LoneJob) => Promise<Iteration>;

/** A job with fewer flops is done here, before workers could have been started for it. */
const SMALL_JOB = 2 ** 27;

/** So is one with nothing beside it, if its passes go over fewer bytes, and each ends before others would feel it. */
const SMALL_SAMPLE = 2 ** 20;
const SHORT_PASS = 2 ** 25;

export interface StartSetting {
  /** Makes the pool when it is first asked for; called only if there is enough work. */
  readonly pool: () => Promise<Pool>;
  readonly settings: KernelSettings;
  /** programs with these settings */
  readonly programs: KernelPrograms;
  /** the kernels of this thread */
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
    const pause = () => turns.own(yieldToEvents);
    if (isSmall(job) || !isShared(sample)) {
      return doAlone(new SoloExecutor(sample, { programs, kernels, cancel, pause }), job);
    }
    const task = { job, settings, modules: await modulesFor(programs, job, pause), cancel: cancel.cell };
    const reply = await turns.threads(async () => {
      const crew = await pool();
      const watched = { limit: stepTimeout, progress: () => cancel.beats, end: () => crew.replace() };
      return retry(() => crew.start(task), watched, cancel);
    });
    if (!reply.ok) throw fromPlainError(reply.error);
    return reply.start;
  };
}

function isSmall(job: LoneJob): boolean {
  const { sample } = job;
  const isShort =
    sample.data.byteLength < SMALL_SAMPLE && expectationWork(sample.count, { ...sample, ...job }) < SHORT_PASS;
  const gainsNothing = "isLone" in job && job.isLone && isShort;
  return gainsNothing || loneFlops(job) < SMALL_JOB;
}

/** Modules that the job will ask for, by the keys of their programs. Workers write none. in: pause, awaited before each is written */
async function modulesFor(
  programs: KernelPrograms,
  job: LoneJob,
  pause: () => Promise<void>,
): Promise<Map<string, CompiledModule>> {
  const { sample, components } = job;
  const modules = new Map<string, CompiledModule>();
  const writesOf = (covarianceType: CovarianceType) => [
    () => simdOf(programs.get({ ...sample, components, covarianceType }, Number.POSITIVE_INFINITY)),
    () => simdOf(programs.evaluation({ ...sample, components, covarianceType }, 0)),
  ];
  const writes = [
    ...[...covarianceTypesOf(job)].flatMap(writesOf),
    () => programs.distances(sample, Number.POSITIVE_INFINITY).simd,
    () => programs.balls(sample, Number.POSITIVE_INFINITY),
  ];
  for (const write of writes) {
    await pause();
    const written = write();
    if (written) modules.set(written.key, written.module);
  }
  return modules;
}

function simdOf(program: KernelProgram) {
  return program.kind === "reference" ? null : program.simd;
}

/** Asks again if a worker dies or hangs. */
async function retry(ask: () => Promise<StartReply>, watched: WatchedWork, cancel: CancelFlag): Promise<StartReply> {
  const attempts = new Attempts(watched.limit);
  for (;;) {
    const reply = Promise.allSettled([ask()]);
    const hung = await watch(reply, watched);
    const [answer] = await reply;
    if (answer.status === "fulfilled") return answer.value;
    if (cancel.isSet) throw abortedWork();
    attempts.noteFailure(answer.reason, hung);
  }
}
