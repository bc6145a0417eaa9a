import { densityLayout } from "../../density.ts";
import { LOG_LIKELIHOOD, statisticsLayout, WEIGHT_TOTAL } from "../../sufficient-statistics.ts";
import { type Tiles, tileCount } from "../../tiles.ts";
import type { Kernel, KernelShape } from "../kernel.ts";
import { packComponent } from "./component.ts";
import { writeEvaluation } from "./evaluate.ts";
import { type Group, instantiate } from "./instance.ts";
import type { SimdProgram } from "./program.ts";

/** A kernel around an instance of the program, with a memory of its own. */
export function simdKernel(program: SimdProgram, shape: KernelShape): Kernel {
  const { features, components, covarianceType } = shape;
  const density = densityLayout(components, features, covarianceType);
  const statistics = statisticsLayout(components, features, covarianceType);
  const instance = instantiate(program.module, shape);
  const { form, memory } = instance;
  const totals = instance.view(memory.totals, 2 * memory.totalsLength);
  const tilesOfGroup = memory.groupPoints / shape.tileSize;
  const sums = new Float64Array(Math.max(form.sums, form.sharedSums));

  /** The tiles [first, end) in groups, each copied in. */
  function* groups(tiles: Tiles, first: number, end: number): Generator<Group> {
    for (let tile = first; tile < end; tile += tilesOfGroup) {
      yield instance.copyIn(tiles, tile, Math.min(tile + tilesOfGroup, end));
    }
  }

  /** Adds the lanes of `count` totals from `from` on. */
  function lanesAdded(from: number, count: number): Float64Array {
    for (let i = 0; i < count; i++) sums[i] = totals[2 * (from + i)] + totals[2 * (from + i) + 1];
    return sums;
  }

  function writeSlot(slot: Float64Array): void {
    const [logLikelihood, weightTotal] = lanesAdded(0, 2);
    slot[LOG_LIKELIHOOD] = logLikelihood;
    slot[WEIGHT_TOTAL] = weightTotal;
    for (let component = 0, from = 2; component < components; component++, from += form.sums) {
      form.unpackSums(lanesAdded(from, form.sums), statistics, component, slot);
    }
    form.unpackSharedSums?.(lanesAdded(2 + components * form.sums, form.sharedSums), statistics, slot);
  }

  return {
    kind: "simd",

    load(parameters) {
      for (let component = 0; component < components; component++) {
        const own = instance.view(memory.components + component * form.component.bytes, form.component.bytes / 8);
        packComponent(form.component, density, parameters, component, own);
        form.packFactor(parameters, density, component, own.subarray(form.component.factor / 8));
      }
      const shared = instance.view(memory.shared, (form.shared?.bytes ?? 0) / 8);
      instance.whitens = form.packShared?.(parameters, density, shared) ?? false;
    },

    expectation(tiles, firstTile, endTile, slot) {
      totals.fill(0);
      for (const group of groups(tiles, firstTile, endTile)) {
        instance.densities(group);
        instance.softMax(group);
        instance.moments(group);
      }
      writeSlot(slot);
    },

    evaluate(tiles, firstTile, endTile, evaluation) {
      const unweighted: Tiles = { ...tiles, count: tileCount(tiles) * tiles.tileSize, pointWeights: null };
      for (const group of groups(unweighted, firstTile, endTile)) {
        instance.densities(group);
        writeEvaluation(instance, group, components, tiles.count, evaluation);
      }
    },
  };
}
