import { staying } from "../../kernels/position.ts";
import { readPosition } from "../../kernels/position-numbers.ts";
import type { BlockTask, MovesPass } from "../pass.ts";

/** Looks which of the components [first, end) moved. */
export function moves({ shape, before, now, floor, moved }: MovesPass): BlockTask {
  const stays = staying(shape.covarianceType, shape.features, floor);
  return (first, end) => {
    for (let component = first; component < end; component++) {
      const [old, next] = [before, now].map((numbers) => readPosition(numbers, component, shape));
      moved[component] = Number(!stays(old, next));
    }
  };
}
