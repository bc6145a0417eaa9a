import { MOST_INFLATION } from "../../../../covariance/conditioning.ts";
import { MOST_REFINED, REFINABLE } from "../../../../covariance/estimate.ts";
import type { InflatedCovariances, ManyTriangles } from "../../../../covariance/estimates/many-triangles.ts";
import { invertTriangle } from "../../../../linear-algebra/cholesky.ts";
import { triangleLength, triangleRow } from "../../../../linear-algebra/triangle.ts";
import { refiningRoom } from "../../arithmetic/triangles/refine.ts";
import { Region } from "../../forms/memory.ts";
import { FREE_BYTES } from "../../language/constants.ts";
import { WHOLE_BYTES } from "../../language/setting.ts";
import type { SimdProgram } from "../compiled.ts";
import { openModule } from "../open-module.ts";
import { forGroups, type Group, LANES, SideBySide } from "./side-by-side.ts";

type Routines = "moveScatter" | "addTriangles" | "findSpread" | "factorize" | "refine";

/** Triangles around an instance of the program, with a memory of its own. */
export function simdTriangles({ module }: SimdProgram, features: number): ManyTriangles {
  const length = triangleLength(features);
  const region = new Region(FREE_BYTES);
  const take = (vectors: number) => region.take(vectors * WHOLE_BYTES);
  const [givenAt, sumAt, rootAt, inverseAt, commonAt] = Array.from({ length: 5 }, () => take(length));
  const [vectorsAt, restsAt, massAt, sharesAt, foundAt, inflationAt] = [features, features, 1, 3, 1, 1].map(take);
  const isRefined = features <= MOST_REFINED;
  const room = refiningRoom(isRefined ? features : 0);
  const [fullAt, rowAt, productsAt, errorsAt, residualAt] = Object.values(room).map(take);
  const { calls, buffer } = openModule<Routines>(module, region.end);
  const [given, sum, inverse] = [givenAt, sumAt, inverseAt].map((at) => new SideBySide(buffer, at, length));
  const [vectors, rests] = [vectorsAt, restsAt].map((at) => new SideBySide(buffer, at, features));
  const [mass, inflation] = [massAt, inflationAt].map((at) => new SideBySide(buffer, at, 1));
  const [share, commonShare, vectorShare] = [0, 1, 2].map((i) => new SideBySide(buffer, sharesAt + i * WHOLE_BYTES, 1));
  const common = new Float64Array(buffer, commonAt, length);
  const found = new Int32Array(buffer, foundAt, 2 * LANES);

  const factorize = (symmetric: SideBySide) =>
    calls.factorize(symmetric.address, rootAt, inverseAt, inflationAt, foundAt);

  /** Writes the components of a group that have a factor, and says so. in: most, which no inflation may exceed */
  function write(symmetric: SideBySide, group: Group, most: number, { to, done }: Writing): void {
    for (let lane = 0; lane < LANES; lane++) {
      const component = group[lane];
      const own = inflation.numbers[lane];
      if (found[2 * lane] === 0 || !(own <= most) || done[component] === 1 || !hasFactor(lane)) continue;
      symmetric.give(lane, to.packedCovariances, component);
      inverse.give(lane, to.factors, component);
      to.inflations[component] = own;
      done[component] = 1;
    }
  }

  /** A row that is not finite has a diagonal that is not. */
  function hasFactor(lane: number): boolean {
    for (let j = 0; j < features; j++) {
      if (!Number.isFinite(inverse.numbers[(triangleRow(j) + j) * LANES + lane])) return false;
    }
    return true;
  }

  return {
    estimate({ components, masses, framed, rough = false, scatter, shifts, shiftRests }, to) {
      const refined = !rough && isRefined;
      const most = refined ? REFINABLE * (1 - Number.EPSILON) : Number.POSITIVE_INFINITY;
      const writing = { to, done: new Uint8Array(components) };
      const isPlain = (component: number) => masses[component] > 0 && !(framed[component] > 0);
      forGroups(components, isPlain, (group) => {
        for (let lane = 0; lane < LANES; lane++) {
          given.take(scatter, group[lane], lane);
          vectors.take(shifts, group[lane], lane);
          rests.take(shiftRests, group[lane], lane);
          mass.take(masses, group[lane], lane);
        }
        calls.moveScatter(givenAt, massAt, vectorsAt, restsAt);
        factorize(given);
        if (refined) calls.refine(inverseAt, givenAt, fullAt, rowAt, productsAt, errorsAt, residualAt);
        write(given, group, most, writing);
      });
      return writing.done;
    },

    add({ covariances, shares, common: both, commonShares, vectors: outers, vectorShares }, to) {
      const writing = { to, done: new Uint8Array(shares.length) };
      common.set(both);
      const isWhole = (component: number) => shares[component] > 0 && commonShares[component] > 0;
      forGroups(shares.length, isWhole, (group) => {
        for (let lane = 0; lane < LANES; lane++) {
          given.take(covariances, group[lane], lane);
          vectors.take(outers, group[lane], lane);
          share.take(shares, group[lane], lane);
          commonShare.take(commonShares, group[lane], lane);
          vectorShare.take(vectorShares, group[lane], lane);
        }
        calls.addTriangles(givenAt, commonAt, vectorsAt, sharesAt, sumAt);
        factorize(sum);
        write(sum, group, MOST_INFLATION, writing);
      });
      return writing.done;
    },

    spreads(of, factors) {
      const spreads = new Float64Array(factors.length / length);
      common.set(invertTriangle(of.factor, features));
      forGroups(
        spreads.length,
        () => true,
        (group) => {
          for (let lane = 0; lane < LANES; lane++) given.take(factors, group[lane], lane);
          calls.findSpread(givenAt, commonAt, inflationAt);
          for (let lane = 0; lane < LANES; lane++) spreads[group[lane]] = inflation.numbers[lane];
        },
      );
      return spreads;
    },
  };
}

interface Writing {
  readonly to: InflatedCovariances;
  /** k: 1 for each component that was written */
  readonly done: Uint8Array;
}
