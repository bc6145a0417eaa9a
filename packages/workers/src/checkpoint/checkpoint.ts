import { COVARIANCE_TYPES, type FitState, isFitState, type ResolvedFitOptions } from "@emix/core";
import { badCheckpoint } from "../errors.ts";
import { decode, encode } from "./encoding.ts";
import { bytesOf, writeCheckpoint } from "./file.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** Where a fit writes how far it has come, and how often. */
export interface CheckpointPlan {
  readonly path: string;
  /** how many steps of all starts together lie between two checkpoints */
  readonly every: number;
}

/** Everything that determines the rest of a fit, besides the points. */
export interface Checkpoint {
  readonly fingerprint: Fingerprint;
  readonly options: ResolvedFitOptions;
  readonly every: number;
  readonly state: FitState;
}

/** A fit, and how it is kept. */
export interface KeptFit {
  readonly options: ResolvedFitOptions;
  /** in milliseconds */
  readonly timeBudget?: number;
  readonly checkpoint?: CheckpointPlan;
  /** the checkpoint that it goes on from, and its path */
  readonly resumed?: { readonly path: string; readonly checkpoint: Checkpoint };
}

/** The fit that goes on from a checkpoint, and goes on writing there. @throws BAD_CHECKPOINT */
export async function readKeptFit(path: string): Promise<KeptFit> {
  const checkpoint = await readCheckpoint(path);
  const { options, every } = checkpoint;
  return { options, checkpoint: { path, every }, resumed: { path, checkpoint } };
}

/** @throws BAD_CHECKPOINT */
async function readCheckpoint(path: string): Promise<Checkpoint> {
  const found = decode(await bytesOf(path), path) as Partial<Record<keyof Checkpoint, unknown>> | null;
  for (const part of ["fingerprint", "options", "state"] as const) {
    if (typeof found?.[part] !== "object" || found[part] === null) throw badCheckpoint(path, `it has no ${part}`);
  }
  const checkpoint = found as unknown as Checkpoint;
  const { options, fingerprint, every, state } = checkpoint;
  const { components, covarianceType } = options;
  const isFit = Number.isSafeInteger(components) && components > 0 && COVARIANCE_TYPES.includes(covarianceType);
  if (!isFit || !(every > 0)) throw badCheckpoint(path, "its options are those of no fit");
  if (!isFitState(state, { components, covarianceType, features: fingerprint.features })) {
    throw badCheckpoint(path, "its state is that of another fit");
  }
  return checkpoint;
}

/** Writes checkpoints of a fit while it goes on. */
export class CheckpointKeeper {
  readonly #plan: CheckpointPlan;
  readonly #about: Omit<Checkpoint, "state" | "every">;
  #state: (() => FitState) | undefined;
  #steps = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(plan: CheckpointPlan, about: Omit<Checkpoint, "state" | "every">) {
    this.#plan = plan;
    this.#about = about;
  }

  /** in: state, tells how far the fit has come */
  watch(state: () => FitState): void {
    this.#state = state;
  }

  /** Notes a step, and begins to write where it is time. @throws CHECKPOINT_FAILED of the one before */
  async step(): Promise<void> {
    this.#steps++;
    if (this.#steps % this.#plan.every === 0) await this.save();
  }

  /** Begins to write where the fit has come, once the one before is written. @throws CHECKPOINT_FAILED of that one */
  async save(): Promise<void> {
    await this.#writing;
    if (this.#state === undefined) return;
    const bytes = encode({ ...this.#about, every: this.#plan.every, state: this.#state() });
    this.#writing = writeCheckpoint(this.#plan.path, bytes);
    // It is thrown by whoever waits for it next.
    this.#writing.catch(() => {});
  }

  /** Waits until all is written. @throws CHECKPOINT_FAILED */
  async finish(): Promise<void> {
    await this.#writing;
  }
}
