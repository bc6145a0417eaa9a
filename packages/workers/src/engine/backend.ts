import { type PlainError, type Tiles, toPlainError } from "@emix/core";
import { CancelFlag } from "../cancel.ts";
import { fingerprintOf } from "../checkpoint/fingerprint.ts";
import { keeperOf, orBadCheckpoint, surroundingsOf } from "../checkpoint/kept-fit.ts";
import { engineClosed, workerLost } from "../errors.ts";
import { Team, type TeamOptions } from "../executors/team.ts";
import { EngineTurns, JobTurns } from "../queue/job-turns.ts";
import { type Place, ticketFor } from "../queue/place.ts";
import { draw, type JobResult, type JobResults, type PointsJob, perform, type SampleJob } from "./job.ts";
import { type Tell, tellSteps } from "./steps.ts";

/** How an engine is set up, as plain data. */
export type BackendOptions = TeamOptions;

/** A job, with its points if it needs any. */
export type Request = PointsRequest | { readonly job: SampleJob };

interface PointsRequest {
  readonly job: PointsJob;
  readonly tiles: Tiles;
  /** as of `pointsIdOf` */
  readonly pointsId: number;
  /** cell of a CancelFlag */
  readonly cancel: Int32Array;
  /** among other jobs */
  readonly place: Place;
}

/** The result or the error as plain data, so that it is the same on both sides of a thread. */
export type Outcome =
  | { readonly ok: true; readonly value: JobResult | undefined }
  | { readonly ok: false; readonly error: PlainError };

/** Does the work of an engine, in the calling thread or in one of its own. */
export interface Backend {
  /** Does a job. `tell` gets the steps as they come, several at a time. */
  perform(request: Request, tell: Tell): Promise<Outcome>;
  /** Starts the threads that work on many points will need. */
  warmUp(): void;
  /** Has its threads let go of shared memory that they were sent, and use no more. */
  collect(): void;
  /** Done once all threads have started. */
  ready(): Promise<Outcome>;
  close(): Promise<void>;
  /** False once the backend was closed or its thread was lost. */
  readonly usable: boolean;
}

/** The backend in the calling thread. Its pool is made when it is first needed. */
export function localBackend(options: BackendOptions): Backend {
  const team = new Team(options);
  const settings = { kernel: options.kernel, strict: options.strict };
  const turns = new EngineTurns();

  const onPoints = async ({ job, tiles, pointsId, cancel, place }: PointsRequest, tell: Tell): Promise<JobResult> => {
    const arithmetic = job.kind === "fit" ? job.options.compute : "f64";
    const setting = {
      cancel: new CancelFlag(cancel),
      turns: new JobTurns(turns, ticketFor(place)),
      arithmetic,
      pointsId,
    };
    const executor = team.executor(tiles, setting);
    const runAlone = team.runAlone(setting);
    const keeper = job.kind === "fit" ? await keeperOf(job, () => fingerprintOf(tiles, settings)) : undefined;
    const kept = { flag: new CancelFlag(cancel), ...(keeper && { keeper }) };
    const surroundings = job.kind === "fit" ? surroundingsOf(job, keeper, kept.flag) : {};
    const work = tellSteps(perform(executor, job, surroundings, runAlone), tell, kept);
    const result = await (job.kind === "fit" ? orBadCheckpoint(job, work as Promise<JobResults["fit"]>) : work);
    // Points are put in order through more memory than fits of them take. If a worker was lost, the next pass will say so.
    if (job.kind === "order") team.forget().catch(() => {});
    return result;
  };

  return {
    async perform(request, tell) {
      if (team.closed) return { ok: false, error: toPlainError(engineClosed()) };
      try {
        return { ok: true, value: "tiles" in request ? await onPoints(request, tell) : draw(request.job) };
      } catch (error) {
        return { ok: false, error: toPlainError(team.closed ? engineClosed() : error) };
      }
    },

    warmUp() {
      // If there can be no pool, the job that needs it will say so.
      team.pool().catch(() => {});
    },

    collect() {
      team.collect().catch(() => {});
    },

    async ready() {
      try {
        const opened = await team.pool();
        await opened.ready().catch((error) => {
          throw workerLost(1, error);
        });
        return { ok: true, value: undefined };
      } catch (error) {
        return { ok: false, error: toPlainError(team.closed ? engineClosed() : error) };
      }
    },

    get usable() {
      return !team.closed;
    },

    close: () => team.close(),
  };
}
