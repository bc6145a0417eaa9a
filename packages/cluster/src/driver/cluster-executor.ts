import { randomUUID } from "node:crypto";
import {
  type Arithmetic,
  blockGrid,
  type ChosenPoints,
  type CompensatedSums,
  type EvaluatedArrays,
  type Executor,
  fusesMultiplyAdd,
  type KernelProgram,
  type Listing,
  type Pass,
  type Quantity,
  type RemoteExecutor,
  type Slots,
  slotLength,
  type Tiles,
  type TilesFacts,
} from "@emix/core";
import { type CancelFlag, type Team, yieldToEvents } from "@emix/workers";
import type { BlocksRequest, EvaluateRequest, ListingRequest, Plan, ProgramRequest, SumsReply } from "../protocol.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { gatherPoints } from "./gather-points.ts";
import { mergeReplies } from "./merge-replies.ts";
import { blocksOfPartitions, type PartitionRange, tilesOfPartitions } from "./partitions.ts";

export interface ClusterExecutorSetting {
  readonly plan: Plan;
  readonly tiles: TilesFacts;
  readonly dispatcher: Dispatcher;
  /** the threads of this process, which work on samples of the points */
  readonly team: Team;
  readonly arithmetic: Arithmetic;
  readonly strict: boolean;
  readonly cancel: CancelFlag;
}

/** Runs passes over points that the workers of a cluster have. */
export class ClusterExecutor implements RemoteExecutor {
  readonly tiles: TilesFacts;
  readonly programs: Team["programs"];
  readonly arithmetic: Arithmetic;
  /** passes that may run side by side: while one merges, the workers have another */
  readonly threads: number;
  readonly #setting: ClusterExecutorSetting;
  /** the names of runs of EM */
  readonly #runs = new WeakMap<object, string>();

  constructor(setting: ClusterExecutorSetting) {
    this.#setting = setting;
    this.tiles = setting.tiles;
    this.programs = setting.team.programs;
    this.arithmetic = setting.arithmetic;
    this.threads = 2 * setting.dispatcher.partitions;
  }

  over(tiles: Tiles): Executor {
    const { team, cancel, arithmetic } = this.#setting;
    return team.executor(tiles, { cancel, arithmetic });
  }

  lend<T>(bytes: number, use: (memory: ArrayBufferLike) => Promise<T>): Promise<T> {
    return this.#setting.team.memory.lend(bytes, use);
  }

  async pause(): Promise<void> {
    await yieldToEvents();
  }

  async run<T>(pass: Pass, consume: (slots: Slots) => T | Promise<T>): Promise<T> {
    if (pass.kind === "evaluation") {
      await this.#evaluate(pass);
      return consume({ values: new Float64Array(0), blocks: 0, slotLength: 0 });
    }
    const { ranges, blocks } = this.#blocksOf(pass);
    const partitions = (await this.#setting.dispatcher.ask("slots", this.#requestFor(pass), ranges)) as Float64Array[];
    const length = slotLength(pass, this.tiles.features);
    const values = new Float64Array(blocks * length);
    ranges.forEach(({ first }, i) => {
      values.set(partitions[i], first * length);
    });
    return consume({ values, blocks, slotLength: length });
  }

  async sums(pass: Pass): Promise<CompensatedSums> {
    const { ranges, blocks } = this.#blocksOf(pass);
    const replies = await this.#setting.dispatcher.ask("sums", this.#requestFor(pass), ranges);
    return mergeReplies(replies as SumsReply[], blocks);
  }

  gather(chosen: ChosenPoints, memory: ArrayBufferLike): Promise<Tiles> {
    return gatherPoints(this.#setting, chosen, memory);
  }

  #blocksOf(pass: Pass): { ranges: PartitionRange[]; blocks: number } {
    const grid = blockGrid(this.tiles, slotLength(pass, this.tiles.features));
    return { ranges: blocksOfPartitions(grid, this.#setting.dispatcher.partitions), blocks: grid.blocks };
  }

  #requestFor(pass: Pass): BlocksRequest {
    const { perBlock, blocks } = blockGrid(this.tiles, slotLength(pass, this.tiles.features));
    const shared = { plan: this.#setting.plan, tilesInBlock: perBlock, blocks, parameters: pass.parameters };
    const plain = { ...shared, measured: false, labelled: false, listing: null };
    if (pass.kind === "moments") return { ...plain, program: null };
    if (pass.kind === "expectation") {
      const listing = pass.listing === undefined ? null : this.#listingRequest(pass.listing);
      return { ...plain, program: this.#programRequest(pass.program), measured: pass.measured, listing };
    }
    if (pass.kind === "labelled") return { ...plain, program: this.#programRequest(pass.program), labelled: true };
    throw new TypeError(`A pass of the kind ${pass.kind} needs points in memory.`);
  }

  async #evaluate({
    program,
    parameters,
    firstTile,
    endTile,
    evaluation,
    stands,
  }: Extract<Pass, { kind: "evaluation" }>): Promise<void> {
    const { plan, dispatcher } = this.#setting;
    const quantities = Object.keys(evaluation) as Quantity[];
    const ranges = tilesOfPartitions(this.tiles, dispatcher.partitions).flatMap(({ partition, first, end }) => {
      const own = { partition, first: Math.max(first, firstTile), end: Math.min(end, endTile) };
      return own.first < own.end ? [own] : [];
    });
    const { tileSize, count } = this.tiles;
    const points = Math.min(endTile * tileSize, count) - firstTile * tileSize;
    const target = evaluation as EvaluatedArrays<Quantity>;
    const top = (evaluation.topComponents?.length ?? 0) / points;
    const asked = { plan, program: this.#programRequest(program), parameters, quantities, top };
    const request: EvaluateRequest = { ...asked, ...(stands !== undefined && { stands }) };
    const replies = (await dispatcher.ask("evaluate", request, ranges)) as EvaluatedArrays<Quantity>[];
    ranges.forEach(({ first }, i) => {
      for (const quantity of quantities) {
        const perPoint = target[quantity].length / points;
        target[quantity].set(replies[i][quantity], (first - firstTile) * tileSize * perPoint);
      }
    });
  }

  #listingRequest({ run, ...listing }: Listing): ListingRequest {
    const name = this.#runs.get(run) ?? randomUUID();
    this.#runs.set(run, name);
    return { run: name, ...listing };
  }

  #programRequest(program: KernelProgram): ProgramRequest {
    const { strict } = this.#setting;
    const { components, covarianceType } = program.shape;
    const arithmetic = program.kind === "reference" ? "f64" : program.simd.arithmetic;
    return { kind: program.kind, components, covarianceType, arithmetic, strict, fuses: fusesMultiplyAdd() };
  }
}
