import { FEW_ROWS, type PartingKernel, type PartingShape, rowWidth } from "../../../points/order/parting-kernel.ts";
import { Region } from "../forms/memory.ts";
import { FREE_BYTES } from "../language/constants.ts";
import type { SimdProgram } from "./compiled.ts";
import { openModule } from "./open-module.ts";

type Routines = "gather" | "centre" | "turn" | "project" | "part";

/** A parting kernel around an instance of the program, with a memory of its own. */
export function simdPartingKernel({ module }: SimdProgram, { features, points }: PartingShape): PartingKernel {
  const width = rowWidth(features);
  // Rows are projected four at a time: some behind the last have any content.
  const room = Math.ceil(points / 4) * 4;
  const region = new Region(FREE_BYTES);
  const rowsAt = region.take(room * width * 4);
  const pairsAt = region.take(room * 8);
  const alongAt = region.take(room * 4);
  const fewAt = region.take(FEW_ROWS * width * 4);
  const meanAt = region.take(width * 4);
  const squaresAt = region.take(FEW_ROWS * 16);
  const directionAt = region.take(width * 4);
  const nextAt = region.take(width * 4);
  const pivotAt = region.take(8);
  const frontAt = region.take(4);
  const { calls, buffer } = openModule<Routines>(module, region.end);
  const view = (address: number, length: number) => new Float32Array(buffer, address, length);
  const integers = new Int32Array(buffer);
  const few = view(fewAt, FEW_ROWS * width);
  const mean = view(meanAt, width);
  const squares = Array.from({ length: FEW_ROWS + 1 }, (_, count) => view(squaresAt, count * 4));
  const direction = view(directionAt, width);
  const next = view(nextAt, width);
  let fewEnd = fewAt;

  return {
    rows: view(rowsAt, points * width),
    pairs: new Int32Array(buffer, pairsAt, points * 2),
    along: view(alongAt, points),

    survey(from, end) {
      const count = Math.min(end - from, FEW_ROWS);
      fewEnd = fewAt + count * width * 4;
      mean.fill(0);
      calls.gather(pairsAt + 8 * from, Math.max(end - from, FEW_ROWS), rowsAt, fewAt, fewEnd, meanAt);
      const scale = Math.fround(1 / count);
      for (let j = 0; j < width; j++) mean[j] *= scale;
      calls.centre(fewAt, fewEnd, meanAt, squaresAt);
      return squares[count];
    },

    aim(row) {
      for (let j = 0, from = row * width; j < width; j++, from++) direction[j] = few[from];
    },

    turn() {
      next.fill(0);
      calls.turn(fewAt, fewEnd, directionAt, nextAt);
      direction.set(next);
    },

    project(from, end) {
      calls.project(pairsAt + 8 * from, pairsAt + 8 * end, rowsAt, directionAt, alongAt + 4 * from);
    },

    part(from, end, pivot) {
      const at = (pairsAt + 8 * pivot) / 4;
      integers[pivotAt / 4] = integers[at];
      integers[pivotAt / 4 + 1] = integers[at + 1];
      calls.part(pairsAt + 8 * from, pairsAt + 8 * end, pivotAt, frontAt);
      return (integers[frontAt / 4] - pairsAt) / 8;
    },
  };
}
