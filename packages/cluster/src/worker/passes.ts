import {
  type EvaluatedArrays,
  type Executor,
  evaluatedBytes,
  gatherTiles,
  logVolumes,
  nodesBetween,
  type Pass,
  type Quantity,
  readTileWeights,
  room,
  type Slots,
  sumSlots,
  type Tiles,
  tileCount,
  tileSizeFor,
} from "@emix/core";
import { CancelFlag, type Team } from "@emix/workers";
import { needsMemory } from "../errors.ts";
import type { BlocksRequest, EvaluateRequest, GatherRequest, NumbersRequest, Plan, SumsReply } from "../protocol.ts";
import { WorkerLists } from "./points/lists.ts";
import type { Spans } from "./points/spans.ts";
import { WorkerPrograms } from "./programs.ts";

/** Lists may take this part of what points may. */
const LISTS = 4;

interface Range {
  readonly first: number;
  readonly end: number;
}

/** Runs passes over the points of a worker. */
export class WorkerPasses {
  readonly #spans: Spans;
  readonly #team: Team;
  readonly #programs = new WorkerPrograms();
  readonly #lists: WorkerLists;

  constructor(spans: Spans, team: Team) {
    this.#spans = spans;
    this.#team = team;
    this.#lists = new WorkerLists(spans.limit / LISTS);
  }

  /** The slots of some blocks, one after the other. */
  async slots(request: BlocksRequest, range: Range): Promise<Float64Array> {
    return this.#run(request, range, async (_, { values }) => values.slice());
  }

  /** The sums of the fewest nodes that make up some blocks. */
  async sums(request: BlocksRequest, range: Range): Promise<SumsReply> {
    return this.#run(request, range, async (executor, { values, slotLength }) => {
      const nodes = nodesBetween(range.first, range.end, request.blocks);
      const sums = new Float64Array(nodes.length * slotLength);
      const errors = new Float64Array(nodes.length * slotLength);
      for (const [i, { first, end }] of nodes.entries()) {
        const own = values.subarray((first - range.first) * slotLength, (end - range.first) * slotLength);
        const total = await sumSlots(executor, { values: own, slotLength, blocks: end - first });
        sums.set(total.sums, i * slotLength);
        errors.set(total.errors, i * slotLength);
      }
      return { nodes, sums, errors };
    });
  }

  async evaluate(request: EvaluateRequest, range: Range): Promise<EvaluatedArrays<Quantity>> {
    const { plan, parameters, quantities, top, stands } = request;
    const program = this.#programs.for(plan, request.program);
    const executor = await this.#over(plan, range);
    const { count } = executor.tiles;
    const sizes = { components: request.program.components, top };
    const bytes = Math.ceil((count * evaluatedBytes(sizes, quantities)) / 8) * 8;
    if (bytes > this.#spans.limit) throw needsMemory(bytes, this.#spans.limit);
    const memory = new SharedArrayBuffer(bytes);
    const evaluation = room(count, sizes, quantities, memory);
    const endTile = tileCount(executor.tiles);
    const pass: Pass = { kind: "evaluation", program, parameters, firstTile: 0, endTile, evaluation };
    await executor.run(stands === undefined ? pass : { ...pass, stands }, () => undefined);
    return evaluation;
  }

  /** in: some of the points of the request. out: as tiles hold them */
  async gather({ plan, points }: GatherRequest, { first, end }: Range): Promise<Tiles["data"]> {
    const wanted = points.subarray(first, end);
    const tileSize = tileSizeFor(plan.features);
    let [least, greatest] = [Number.POSITIVE_INFINITY, -1];
    for (const point of wanted) {
      least = Math.min(least, Math.floor(point / tileSize));
      greatest = Math.max(greatest, Math.floor(point / tileSize));
    }
    const { tiles } = await this.#over(plan, { first: least, end: greatest + 1 });
    const local = wanted.map((point) => point - least * tileSize);
    const padded = Math.ceil(local.length / tileSize) * tileSize;
    const memory = new ArrayBuffer(padded * plan.features * 8);
    return gatherTiles(tiles, { points: local, weights: null }, memory).data;
  }

  async weights({ plan }: NumbersRequest, range: Range): Promise<Float64Array> {
    const { tiles } = await this.#over(plan, range);
    const weights = new Float64Array((range.end - range.first) * tiles.tileSize);
    for (let tile = 0, at = 0; at < weights.length; tile++, at += tiles.tileSize) {
      readTileWeights(tiles, tile, weights.subarray(at, at + tiles.tileSize));
    }
    return weights;
  }

  /** out: n, of the points of the range */
  async volumes({ plan }: NumbersRequest, range: Range): Promise<Float64Array> {
    const { tiles } = await this.#over(plan, range);
    return logVolumes(tiles, plan.transforms ?? []);
  }

  async #run<T>(
    request: BlocksRequest,
    { first, end }: Range,
    use: (executor: Executor, slots: Slots) => Promise<T>,
  ): Promise<T> {
    const { plan, tilesInBlock, parameters, measured } = request;
    const total = tileCount({ count: plan.count, tileSize: tileSizeFor(plan.features) });
    const tiles = { first: first * tilesInBlock, end: Math.min(end * tilesInBlock, total) };
    const executor = await this.#over(plan, tiles);
    const run = (pass: Pass) => executor.run(pass, (slots) => use(executor, slots));
    if (request.program === null) return run({ kind: "moments", parameters, tilesInBlock });
    const program = this.#programs.for(plan, request.program);
    if (!request.labelled) {
      const pass = { kind: "expectation", program, parameters, measured, tilesInBlock } as const;
      const { listing } = request;
      return run(
        listing === null ? pass : await this.#lists.listed(executor, pass, { ...request, listing }, { first, end }),
      );
    }
    const { count, tileSize } = executor.tiles;
    const bytes = 4 * tileSize * Math.ceil(count / tileSize);
    return executor.lend(bytes, (memory) => {
      const labels = new Int32Array(memory, 0, bytes / 4).fill(0);
      return run({ kind: "labelled", program, parameters, labels, tilesInBlock });
    });
  }

  async #over(plan: Plan, { first, end }: Range): Promise<Executor> {
    return this.#team.executor(await this.#spans.tiles(plan, first, end), { cancel: new CancelFlag() });
  }
}
