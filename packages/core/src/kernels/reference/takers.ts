import { logarithm } from "../../elementary/logarithm.ts";

/** Takes the responsibilities of points: all of a point that are not 0, the components rising. */
export interface Taker {
  /** before the first of a point */
  open(point: number): void;
  take(point: number, component: number, responsibility: number): void;
}

/** out: n × k */
export function intoRows(responsibilities: Float64Array, components: number): Taker {
  return {
    open: (point) => void responsibilities.fill(0, point * components, (point + 1) * components),
    take(point, component, responsibility) {
      responsibilities[point * components + component] = responsibility;
    },
  };
}

/** out: n: −Σ_c r_c log r_c */
export function intoEntropies(entropies: Float64Array): Taker {
  return {
    open(point) {
      entropies[point] = 0;
    },
    take(point, _component, responsibility) {
      if (responsibility > 0 && responsibility < 1) entropies[point] -= responsibility * logarithm(responsibility);
    },
  };
}

/** out: n × size each: the greatest first, of a tie the first component; −1 and 0 where there is no further one */
export function intoTop(components: Int32Array, responsibilities: Float64Array, size: number): Taker {
  return {
    open(point) {
      components.fill(-1, point * size, (point + 1) * size);
      responsibilities.fill(0, point * size, (point + 1) * size);
    },
    take(point, component, responsibility) {
      const first = point * size;
      let place = first + size;
      while (place > first && responsibility > responsibilities[place - 1]) place--;
      if (place === first + size) return;
      components.copyWithin(place + 1, place, first + size - 1);
      responsibilities.copyWithin(place + 1, place, first + size - 1);
      components[place] = component;
      responsibilities[place] = responsibility;
    },
  };
}
