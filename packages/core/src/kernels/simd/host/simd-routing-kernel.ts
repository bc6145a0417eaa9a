import type { Bisections } from "../../../points/order/bisections.ts";
import { DIRECTION_FEATURES } from "../../../points/order/direction.ts";
import { rowWidth } from "../../../points/order/parting-kernel.ts";
import type { Route, RoutingKernel } from "../../../points/order/routing-kernel.ts";
import { SLOT } from "../arithmetic/order/routing.ts";
import { Region } from "../forms/memory.ts";
import { FREE_BYTES } from "../language/constants.ts";
import type { SimdProgram } from "./compiled.ts";
import { openModule } from "./open-module.ts";

type Routines = "scale" | "route";

/** A routing kernel around an instance of the program, with a memory of its own. */
export function simdRoutingKernel(
  { module }: SimdProgram,
  { features, tileSize, tree, measures }: Route,
): RoutingKernel {
  const width = rowWidth(features);
  const region = new Region(FREE_BYTES);
  const measuresAt = region.take(2 * features * 8);
  const columnsAt = region.take(tileSize * features * 8);
  const rowsAt = region.take(tileSize * width * 4);
  const slotsAt = region.take(tileSize * 4);
  const activeAt = region.take(tileSize * 4);
  const treeAt = region.take(tree.children.length * SLOT.bytes);
  const { calls, buffer } = openModule<Routines>(module, region.end);
  const columns = new Float64Array(buffer, columnsAt, tileSize * features);
  const rows = new Float32Array(buffer, rowsAt, tileSize * width);
  const words = new Int32Array(buffer);
  const slots = words.subarray(slotsAt / 4, slotsAt / 4 + tileSize);
  const active = words.subarray(activeAt / 4, activeAt / 4 + tileSize);
  const all = Int32Array.from({ length: tileSize }, (_, lane) => lane);
  const leaves = new Int32Array(tileSize);
  new Float64Array(buffer, measuresAt, 2 * features).set(measures);
  layTree(tree, buffer, treeAt);

  return {
    rows,
    leaves,

    route(given) {
      columns.set(given);
      calls.scale(columnsAt, measuresAt, measuresAt + features * 8, rowsAt);
      slots.fill(treeAt);
      active.set(all);
      if (tree.children[0] > 0) calls.route(rowsAt, slotsAt, activeAt, activeAt + tileSize * 4);
      for (let lane = 0; lane < tileSize; lane++) leaves[lane] = words[(slots[lane] + SLOT.leaf) / 4];
    },
  };
}

function layTree(tree: Bisections, buffer: ArrayBuffer, treeAt: number): void {
  const words = new Int32Array(buffer, treeAt);
  const numbers = new Float32Array(buffer, treeAt);
  for (let slot = 0, at = 0; slot < tree.children.length; slot++, at += SLOT.bytes / 4) {
    for (let i = 0; i < DIRECTION_FEATURES; i++) {
      words[at + SLOT.features / 4 + i] = tree.features[slot * DIRECTION_FEATURES + i] * 4;
      numbers[at + SLOT.coefficients / 4 + i] = tree.coefficients[slot * DIRECTION_FEATURES + i];
    }
    const child = tree.children[slot];
    numbers[at + SLOT.threshold / 4] = tree.thresholds[slot];
    words[at + SLOT.child / 4] = child > 0 ? treeAt + child * SLOT.bytes : 0;
    words[at + SLOT.leaf / 4] = tree.leafNumbers[slot];
  }
}
