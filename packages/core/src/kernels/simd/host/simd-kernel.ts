import { densityLayout } from "../../../mixture/density.ts";
import { type TileRange, type Tiles, tileCount } from "../../../points/tiles.ts";
import { LOG_LIKELIHOOD, statisticsLayout, WEIGHT_TOTAL } from "../../../statistics/sufficient-statistics.ts";
import type { Kernel, KernelShape } from "../../kernel.ts";
import { WHOLE_BYTES } from "../language/setting.ts";
import type { SimdProgram } from "./compiled.ts";
import { writeEvaluation } from "./evaluate.ts";
import { type Group, instantiate } from "./instance.ts";
import { ListedEvaluation } from "./listed/listed-evaluation.ts";
import { ListedGroups } from "./listed/listed-groups.ts";
import { Sieve } from "./listed/sieve.ts";
import { moveSums } from "./move-sums.ts";
import { loadMeasure, loadParameters } from "./parameters.ts";
import { Summing } from "./summing.ts";
import { weightMultiplier } from "./weight-unit.ts";

/** Partial sums of a sum. */
const LANES = WHOLE_BYTES / 8;

/** A kernel around an instance of the program, with a memory of its own. */
export function simdKernel(program: SimdProgram, shape: KernelShape): Kernel {
  const { features, components, covarianceType } = shape;
  const density = densityLayout(components, features, covarianceType);
  const statistics = statisticsLayout(components, features, covarianceType);
  const instance = instantiate(program, shape);
  const { form, memory } = instance;
  const totals = instance.view(memory.totals, LANES * memory.totalsLength);
  const chains = instance.view(memory.chains, 2 * LANES);
  const summing = new Summing(instance);
  const sieve = new Sieve(instance, density);
  const listed = new ListedGroups(instance, summing, sieve);
  const evaluated = new ListedEvaluation(instance, sieve);
  const every = Int32Array.from({ length: components }, (_, component) => component);
  const tilesOfGroup = memory.groupPoints / shape.tileSize;
  let rests: Float64Array = new Float64Array(components * features);
  const sums = new Float64Array(Math.max(form.sums, form.sharedSums));

  /** The tiles [first, end) in groups, each copied in. */
  function* groups({ tiles, first, end }: TileRange, multiplier: number): Generator<Group> {
    for (let tile = first; tile < end; tile += tilesOfGroup) {
      yield instance.copyIn(tiles, tile, Math.min(tile + tilesOfGroup, end), multiplier);
    }
  }

  /** k: 1 for a component that has totals; and whether a block broke off before they were taken */
  const touched = new Uint8Array(components);
  let brokeOff = false;

  /** Adds the partial sums of `count` totals from `from` on. */
  function addLanes(from: number, count: number): Float64Array {
    for (let i = 0, at = LANES * from; i < count; i++, at += LANES) {
      sums[i] = totals[at] + totals[at + 1] + (totals[at + 2] + totals[at + 3]);
    }
    return sums;
  }

  function writeSlot(slot: Float64Array): void {
    const [logLikelihood, weightTotal] = addLanes(0, 2);
    slot.fill(0);
    slot[LOG_LIKELIHOOD] = logLikelihood;
    slot[WEIGHT_TOTAL] = weightTotal;
    for (let component = 0, from = 2; component < components; component++, from += form.sums) {
      // Without mass, all is 0.
      if (touched[component] === 0 || !(addLanes(from, 1)[0] > 0)) continue;
      form.unpackSums(addLanes(from, form.sums), statistics, component, slot);
    }
    form.unpackSharedSums?.(addLanes(2 + components * form.sums, form.sharedSums), statistics, slot);
  }

  /** Few components have points in a block where they are thousands: only their totals are treated. */
  function clearTotals(): void {
    if (brokeOff) touched.fill(1);
    totals.fill(0, 0, 2 * LANES).fill(0, LANES * (2 + components * form.sums));
    for (let component = 0, from = 2; component < components; component++, from += form.sums) {
      if (touched[component] === 1) totals.fill(0, LANES * from, LANES * (from + form.sums));
    }
    touched.fill(0);
  }

  /** The statistics of the tiles, group by group. in: add, adds a group to the totals. out: slot */
  function addUp(range: TileRange, slot: Float64Array, add: (group: Group) => void): void {
    clearTotals();
    chains.fill(0);
    brokeOff = true;
    const multiplier = form.keeps === "root" ? weightMultiplier(range) : 1;
    for (const group of groups(range, multiplier)) add(group);
    writeSlot(slot);
    brokeOff = false;
    if (instance.bytes === 4) moveSums(slot, statistics, rests);
    if (multiplier !== 1) for (let i = 0; i < slot.length; i++) slot[i] /= multiplier;
  }

  /** Adds every pair of a point and a component. */
  function addAll(group: Group): void {
    instance.densities(group, instance.all);
    instance.softMax(group, instance.all);
    instance.moments(summing.all);
    touched.fill(1);
  }

  return {
    kind: program.bits === 128 ? "simd" : "simd256",

    load(parameters, measured) {
      rests = loadParameters(instance, density, parameters, measured);
      summing.listAll();
      sieve.load(parameters);
    },

    expectation(range, slot, lists) {
      addUp(range, slot, (group) => {
        instance.whiten(group);
        if (lists === undefined || listed.sleeps(group, lists)) addAll(group);
        else listed.add(group, lists, touched);
        instance.endChains();
      });
    },

    loadMeasure(measure) {
      instance.measured = loadMeasure(instance, density, measure);
      summing.listAll();
    },

    moments(range, labels, slot) {
      instance.view(memory.joint, (components * memory.jointStride) / 8).fill(0);
      addUp(range, slot, (group) => {
        const from = group.firstPoint - range.first * shape.tileSize;
        const own = labels.subarray(from, from + group.points);
        instance.assign(group, own);
        instance.moments(summing.labelled(own));
        for (const label of own) touched[label] = 1;
        instance.unassign(group, own);
      });
    },

    evaluate({ tiles, first, end }, evaluation, stands) {
      if (stands !== undefined) evaluated.load(stands, tiles.nodes ?? null);
      const unweighted: Tiles = { ...tiles, count: tileCount(tiles) * tiles.tileSize, pointWeights: null };
      for (const group of groups({ tiles: unweighted, first, end }, 1)) {
        instance.whiten(group);
        if (stands !== undefined && !evaluated.passesOver()) {
          evaluated.write(group, tiles.count, evaluation);
          continue;
        }
        instance.densities(group, instance.all);
        const whole = { span: group, firstPoint: group.firstPoint, components: every, list: instance.all };
        writeEvaluation(instance, whole, tiles.count, evaluation);
      }
    },
  };
}
