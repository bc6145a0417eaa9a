import { HEAD, ROW_COMPONENT, rowLayout } from "../../../../statistics/rows.ts";
import {
  LOG_LIKELIHOOD,
  type StatisticsLayout,
  statisticsLayout,
  WEIGHT_TOTAL,
} from "../../../../statistics/sufficient-statistics.ts";
import { WHOLE_BYTES } from "../../language/setting.ts";
import type { Instance } from "../instance.ts";
import { moveSums } from "./move-sums.ts";

/** Partial sums of a sum. */
const LANES = WHOLE_BYTES / 8;
const NOWHERE = -1;

/** How sums are finished: what they were multiplied by, and in f32 how far pivots are from where they were measured, k × d. */
export interface Finish {
  readonly multiplier: number;
  readonly rests: Float64Array;
}

/**
 * The totals of a block in an instance's memory. Of many components few have points in a block, so the sums of each take the next
 * place when they are first added to.
 */
export class Totals {
  readonly #instance: Instance;
  readonly #totals: Float64Array;
  readonly #chains: Float64Array;
  readonly #layout: StatisticsLayout;
  readonly #row: StatisticsLayout;
  /** k: the place of each component's sums */
  readonly #places: Int32Array;
  #count = 0;
  readonly #sums: Float64Array;

  constructor(instance: Instance) {
    const { form, memory, shape } = instance;
    this.#instance = instance;
    this.#totals = instance.view(memory.totals, LANES * memory.totalsLength);
    this.#chains = instance.view(memory.chains, 2 * LANES);
    this.#layout = statisticsLayout(shape.components, shape.features, shape.covarianceType);
    this.#row = rowLayout(this.#layout);
    this.#places = new Int32Array(shape.components).fill(NOWHERE);
    this.#sums = new Float64Array(Math.max(form.sums, form.sharedSums));
  }

  /** The totals of a new block, all 0. */
  open(): void {
    const { form, shape } = this.#instance;
    this.#totals.fill(0, 0, LANES * (2 + this.#count * form.sums)).fill(0, LANES * (2 + shape.components * form.sums));
    this.#chains.fill(0);
    this.#count = 0;
    this.#places.fill(NOWHERE);
  }

  /** Where the sums of a component are. */
  addressOf(component: number): number {
    const { memory, form } = this.#instance;
    if (this.#places[component] === NOWHERE) this.#places[component] = this.#count++;
    return memory.sums + this.#places[component] * form.sums * WHOLE_BYTES;
  }

  /** out: slot, `statisticsLayout`; or its head alone, and rows (statistics/rows.ts) */
  write(slot: Float64Array, rows: Float64Array | undefined, finish: Finish): void {
    if (rows === undefined) this.#writeSlot(slot, finish);
    else this.#writeRows(slot, rows, finish);
  }

  #writeSlot(slot: Float64Array, { multiplier, rests }: Finish): void {
    const { form, bytes, shape } = this.#instance;
    this.#writeHead(slot.fill(0));
    this.#eachWithMass((component, from) => {
      form.unpackSums(this.#addLanes(from, form.sums), this.#layout, component, slot);
    });
    form.unpackSharedSums?.(this.#addLanes(2 + shape.components * form.sums, form.sharedSums), this.#layout, slot);
    if (bytes === 4) moveSums(slot, this.#layout, rests);
    if (multiplier !== 1) for (let i = 0; i < slot.length; i++) slot[i] /= multiplier;
  }

  #writeRows(head: Float64Array, rows: Float64Array, { multiplier, rests }: Finish): void {
    const { form, bytes, shape } = this.#instance;
    const { length } = this.#row;
    this.#writeHead(head.fill(0));
    let at = 0;
    this.#eachWithMass((component, from) => {
      const row = rows.subarray(at, at + length).fill(0);
      form.unpackSums(this.#addLanes(from, form.sums), this.#row, 0, row);
      const first = component * shape.features;
      if (bytes === 4) moveSums(row, this.#row, rests.subarray(first, first + shape.features));
      if (multiplier !== 1) for (let i = 0; i < length; i++) row[i] /= multiplier;
      row[ROW_COMPONENT] = component;
      at += length;
    });
    for (const i of [LOG_LIKELIHOOD, WEIGHT_TOTAL]) head[i] /= multiplier;
    head[HEAD.rows] = at / length;
  }

  #writeHead(slot: Float64Array): void {
    const [logLikelihood, weightTotal] = this.#addLanes(0, 2);
    slot[LOG_LIKELIHOOD] = logLikelihood;
    slot[WEIGHT_TOTAL] = weightTotal;
  }

  /** Treats components, rising; without mass, all is 0. in: treat, with the number of its first total */
  #eachWithMass(treat: (component: number, from: number) => void): void {
    const { form, shape } = this.#instance;
    for (let component = 0; component < shape.components; component++) {
      const place = this.#places[component];
      const from = 2 + place * form.sums;
      if (place !== NOWHERE && this.#addLanes(from, 1)[0] > 0) treat(component, from);
    }
  }

  /** Adds the partial sums of `count` totals from `from` on. */
  #addLanes(from: number, count: number): Float64Array {
    const [totals, sums] = [this.#totals, this.#sums];
    for (let i = 0, at = LANES * from; i < count; i++, at += LANES) {
      sums[i] = totals[at] + totals[at + 1] + (totals[at + 2] + totals[at + 3]);
    }
    return sums;
  }
}
