import { FEW_ROWS, type PartingKernel, type PartingShape, rowWidth } from "../../../points/order/parting-kernel.ts";
import { Region } from "../forms/memory.ts";
import { FREE_BYTES } from "../language/constants.ts";
import type { SimdProgram } from "./compiled.ts";
import { openModule } from "./open-module.ts";

type Routines = "aim" | "choose";

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
  const nextAt = region.take(width * 4);
  const farthestAt = region.take(4);
  const shareAt = region.take(4);
  const { calls, buffer } = openModule<Routines>(module, region.end);
  const farthest = new Int32Array(buffer, farthestAt, 1);
  const share = new Float32Array(buffer, shareAt, 1);
  const pairAt = (place: number) => pairsAt + 8 * place;

  return {
    rows: new Float32Array(buffer, rowsAt, points * width),
    pairs: new Int32Array(buffer, pairsAt, points * 2),
    along: new Float32Array(buffer, alongAt, points),

    aim(from, end) {
      farthest[0] = 0;
      const alongFrom = alongAt + 4 * from;
      calls.aim(pairAt(from), pairAt(end), rowsAt, fewAt, meanAt, nextAt, farthestAt, alongFrom, shareAt);
      return farthest[0] === 0 ? null : share[0];
    },

    choose(from, end, middle) {
      calls.choose(pairAt(from), pairAt(end), pairAt(middle));
    },
  };
}
