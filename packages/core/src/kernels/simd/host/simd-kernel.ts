import { densityLayout } from "../../../mixture/density.ts";
import { type TileRange, type Tiles, tileCount } from "../../../points/tiles.ts";
import type { Kernel, KernelShape } from "../../kernel.ts";
import type { SimdProgram } from "./compiled.ts";
import { writeEvaluation } from "./evaluate.ts";
import { type Group, instantiate, type MeasuredComponents } from "./instance.ts";
import { ListedEvaluation } from "./listed/listed-evaluation.ts";
import { ListedGroups } from "./listed/listed-groups.ts";
import { Sieve } from "./listed/sieve.ts";
import { loadMeasure, loadParameters } from "./parameters.ts";
import { Summing } from "./sums/summing.ts";
import { type Finish, Totals } from "./sums/totals.ts";
import { weightMultiplier } from "./sums/weight-unit.ts";

/** A kernel around an instance of the program, with a memory of its own. */
export function simdKernel(program: SimdProgram, shape: KernelShape): Kernel {
  const { features, components, covarianceType } = shape;
  const density = densityLayout(components, features, covarianceType);
  const instance = instantiate(program, shape);
  const { form, memory } = instance;
  const totals = new Totals(instance);
  const summing = new Summing(instance, totals);
  const sieve = new Sieve(instance, density);
  const listed = new ListedGroups(instance, summing, sieve);
  const evaluated = new ListedEvaluation(instance, sieve);
  const every = Int32Array.from({ length: components }, (_, component) => component);
  const tilesOfGroup = memory.groupPoints / shape.tileSize;
  let rests: Float64Array = new Float64Array(components * features);

  /** The tiles [first, end) in groups, each copied in. */
  function* groups({ tiles, first, end }: TileRange, multiplier: number): Generator<Group> {
    for (let tile = first; tile < end; tile += tilesOfGroup) {
      yield instance.copyIn(tiles, tile, Math.min(tile + tilesOfGroup, end), multiplier);
    }
  }

  /** every component that is measured, once the block adds to all */
  let summed: MeasuredComponents | null = null;

  /** The totals of the tiles, group by group. in: add, adds a group to them. out: what finishes them */
  function addUp(range: TileRange, add: (group: Group) => void): Finish {
    totals.open();
    summed = null;
    const multiplier = form.keeps === "root" ? weightMultiplier(range) : 1;
    for (const group of groups(range, multiplier)) add(group);
    return { multiplier, rests };
  }

  /** Adds every pair of a point and a component. */
  function addAll(group: Group): void {
    instance.densities(group, instance.all);
    instance.softMax(group, instance.all);
    summed ??= summing.all();
    instance.moments(summed);
  }

  return {
    kind: program.bits === 128 ? "simd" : "simd256",

    load(parameters, measured) {
      rests = loadParameters(instance, density, parameters, measured);
      sieve.load(parameters);
    },

    expectation(range, slot, lists, rows) {
      const finish = addUp(range, (group) => {
        instance.whiten(group);
        if (lists === undefined || listed.sleeps(group, lists)) addAll(group);
        else listed.add(group, lists);
        instance.endChains();
      });
      totals.write(slot, rows, finish);
    },

    loadMeasure(measure) {
      instance.measured = loadMeasure(instance, density, measure);
    },

    moments(range, labels, slot, rows) {
      instance.view(memory.joint, (components * memory.jointStride) / 8).fill(0);
      const finish = addUp(range, (group) => {
        const from = group.firstPoint - range.first * shape.tileSize;
        const own = labels.subarray(from, from + group.points);
        instance.assign(group, own);
        instance.moments(summing.ofLabels(own));
        instance.unassign(group, own);
      });
      totals.write(slot, rows, finish);
    },

    evaluate({ tiles, first, end }, evaluation, stands, lists) {
      if (stands !== undefined) evaluated.load(stands, tiles.nodes ?? null);
      const unweighted: Tiles = { ...tiles, count: tileCount(tiles) * tiles.tileSize, pointWeights: null };
      for (const group of groups({ tiles: unweighted, first, end }, 1)) {
        instance.whiten(group);
        if (lists !== undefined && !listed.sleeps(group, lists)) {
          listed.evaluate(group, lists, tiles.count, evaluation);
          continue;
        }
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
