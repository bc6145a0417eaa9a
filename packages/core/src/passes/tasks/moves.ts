import { measured, positionIn, staying, writeStand } from "../../kernels/position.ts";
import { readPosition, writePosition } from "../../kernels/position-numbers.ts";
import { densityLayout } from "../../mixture/density.ts";
import type { BlockTask, MovesPass } from "../pass.ts";

/** Looks which of the components [first, end) moved. */
export function moves(pass: MovesPass): BlockTask {
  const { shape, floor, before, stands, moved } = pass;
  const { components, features, covarianceType } = shape;
  const position = positionIn({ ...pass, layout: densityLayout(components, features, covarianceType) });
  const stays = floor === null ? null : staying(covarianceType, features, floor);
  return (first, end) => {
    for (let component = first; component < end; component++) {
      const now = position(component);
      const known = readPosition(before, component, shape);
      // If a thread died before it had written the whole position, the mark tells.
      const turn = stays !== null && moved[component] === 0 ? stays(known, now) : 0;
      if (turn > 0) {
        writeStand({ ...now, width: known.width * turn }, component, stands);
        continue;
      }
      if (stays !== null) moved[component] = 1;
      const here = measured(now);
      writeStand(here, component, stands);
      writePosition(here, component, before);
    }
  };
}
