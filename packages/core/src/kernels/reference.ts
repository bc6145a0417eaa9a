import { densityLayout, measurePlaces, RULE_SLOPE } from "../density.ts";
import { LOG_LIKELIHOOD, statisticsLayout, WEIGHT_TOTAL } from "../sufficient-statistics.ts";
import { readTileWeights, type Tiles } from "../tiles.ts";
import type { Evaluation, Kernel, KernelShape } from "./kernel.ts";
import { addMoments, referenceForm } from "./reference-form.ts";

/**
 * The slow, obvious kernel, and the oracle of the others: one tile at a time, E then M (derivation.md eq. 2–7), sums
 * flushed to the slot after every tile.
 */
export function referenceKernel(shape: KernelShape): Kernel {
  const { features, components, covarianceType, tileSize } = shape;
  const density = densityLayout(components, features, covarianceType);
  const statistics = statisticsLayout(components, features, covarianceType);
  const form = referenceForm(covarianceType);

  let parameters = new Float64Array(density.length);
  let measure = measurePlaces(parameters, density);
  const z = new Float64Array(features);
  const u = new Float64Array(features);
  const weights = new Float64Array(tileSize);
  const tileSums = new Float64Array(statistics.length);
  /** components × B: log π + log N, then responsibilities */
  const joint = new Float64Array(components * tileSize);
  /** B: log density of each point */
  const logDensities = new Float64Array(tileSize);

  /** z = x − pivot of one component */
  function centre(tiles: Tiles, tile: number, lane: number, component: number, pivots = density.pivots): void {
    const pivot = pivots + component * features;
    let index = tile * tileSize * features + lane;
    for (let j = 0; j < features; j++, index += tileSize) z[j] = tiles.data[index] - parameters[pivot + j];
  }

  /** joint ← log π_c + log N(x; μ_c, Σ_c), logDensities ← log Σ_c exp(joint) */
  function logDensityOfTile(tiles: Tiles, tile: number): void {
    for (let component = 0; component < components; component++) {
      const logConstant = parameters[density.logConstants + component];
      for (let lane = 0; lane < tileSize; lane++) {
        centre(tiles, tile, lane, component);
        const squared = form.squaredDistance(parameters, density, component, z);
        joint[component * tileSize + lane] = logConstant - 0.5 * squared;
      }
    }
    for (let lane = 0; lane < tileSize; lane++) logDensities[lane] = logSumExp(lane);
  }

  function largest(lane: number): number {
    let most = joint[lane];
    for (let i = lane + tileSize; i < joint.length; i += tileSize) most = Math.max(most, joint[i]);
    return most;
  }

  function logSumExp(lane: number): number {
    const most = largest(lane);
    let sum = 0;
    for (let i = lane; i < joint.length; i += tileSize) sum += Math.exp(joint[i] - most);
    return most + Math.log(sum);
  }

  /** joint ← responsibilities: exp(lp − m)/Σ, exactly 0 by the rule of zero */
  function softMax(): void {
    for (let lane = 0; lane < tileSize; lane++) {
      const most = largest(lane);
      let sum = 0;
      for (let i = lane; i < joint.length; i += tileSize) sum += Math.exp(joint[i] - most);
      for (let component = 0, i = lane; component < components; component++, i += tileSize) {
        const threshold = parameters[density.zeroThresholds + component];
        joint[i] = joint[i] * RULE_SLOPE + threshold < most ? 0 : Math.exp(joint[i] - most) / sum;
      }
    }
  }

  /** tileSums += the statistics of one tile, whose responsibilities stand in joint */
  function sumTile(tiles: Tiles, tile: number): void {
    for (let lane = 0; lane < tileSize; lane++) {
      if (weights[lane] === 0) continue;
      tileSums[LOG_LIKELIHOOD] += weights[lane] * logDensities[lane];
      tileSums[WEIGHT_TOTAL] += weights[lane];
    }
    for (let component = 0; component < components; component++) {
      const framed = parameters[measure.framed + component];
      if (framed < 0) continue;
      for (let lane = 0; lane < tileSize; lane++) {
        const weight = weights[lane] * joint[component * tileSize + lane];
        if (weight === 0) continue;
        centre(tiles, tile, lane, component, measure.pivots);
        if (framed > 0) form.turn(parameters, measure.frames, component, z, u);
        addMoments(form, tileSums, statistics, component, weight, z, framed > 0 ? u : z);
      }
    }
  }

  function writeTile(tile: number, count: number, evaluation: Evaluation): void {
    const first = tile * tileSize;
    const lanes = Math.min(tileSize, count - first);
    const { logJoint, responsibilities, labels } = evaluation;
    evaluation.logDensities?.set(logDensities.subarray(0, lanes), first);
    for (let lane = 0; lane < lanes; lane++) {
      const row = (first + lane) * components;
      if (labels) labels[first + lane] = mostProbable(lane);
      if (logJoint) for (let c = 0; c < components; c++) logJoint[row + c] = joint[c * tileSize + lane];
    }
    if (!responsibilities) return;
    softMax();
    for (let lane = 0; lane < lanes; lane++) {
      const row = (first + lane) * components;
      for (let c = 0; c < components; c++) responsibilities[row + c] = joint[c * tileSize + lane];
    }
  }

  function mostProbable(lane: number): number {
    let best = 0;
    for (let c = 1; c < components; c++) if (joint[c * tileSize + lane] > joint[best * tileSize + lane]) best = c;
    return best;
  }

  return {
    kind: "reference",

    load(values) {
      parameters = values.slice();
      measure = measurePlaces(values, density);
    },

    expectation(tiles, firstTile, endTile, slot) {
      slot.fill(0);
      for (let tile = firstTile; tile < endTile; tile++) {
        readTileWeights(tiles, tile, weights);
        logDensityOfTile(tiles, tile);
        softMax();
        tileSums.fill(0);
        sumTile(tiles, tile);
        for (let i = 0; i < slot.length; i++) slot[i] += tileSums[i];
      }
    },

    evaluate(tiles, firstTile, endTile, evaluation) {
      for (let tile = firstTile; tile < endTile; tile++) {
        logDensityOfTile(tiles, tile);
        writeTile(tile, tiles.count, evaluation);
      }
    },
  };
}
