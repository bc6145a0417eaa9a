import { matrixLength, matrixStart } from "../../covariance/shape.ts";
import { covarianceRow } from "../../covariance/types.ts";
import { exponential } from "../../elementary/exponential.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import { twoProductError, twoSumError } from "../../elementary/rounding.ts";
import { add, compensatedSums, roundSums } from "../../linear-algebra/compensated-sum.ts";
import { copyOf } from "../../linear-algebra/doubles.ts";
import { type DensityLayout, densityLayout, FARTHEST, measureOf, RULE_SLOPE } from "../../mixture/density.ts";
import { readTileWeights, storedPoint, type Tiles } from "../../points/tiles.ts";
import { LOG_LIKELIHOOD, statisticsLayout, WEIGHT_TOTAL } from "../../statistics/sufficient-statistics.ts";
import type { Evaluation, Kernel, KernelShape } from "../kernel.ts";
import { pointAdder, referenceForm } from "./reference-form.ts";
import { intoEntropies, intoRows, intoTop } from "./takers.ts";

/** The parameters of one component. */
interface Component {
  readonly logConstant: number;
  readonly zeroThreshold: number;
  /** d each */
  readonly pivot: Float64Array;
  readonly bias: Float64Array;
  /** its own, or the one that all components share */
  readonly factor: Float64Array;
}

/** in: parameters, `densityLayout`; components are views of them */
function componentsOf(parameters: Float64Array, layout: DensityLayout): Component[] {
  const { components, features, covarianceType, logConstants, zeroThresholds, pivots, biases, factors } = layout;
  const part = (start: number, length: number) => parameters.subarray(start, start + length);
  const length = matrixLength(covarianceRow(covarianceType).matrix, features);
  return Array.from({ length: components }, (_, component) => ({
    logConstant: parameters[logConstants + component],
    zeroThreshold: parameters[zeroThresholds + component],
    pivot: part(pivots + component * features, features),
    bias: part(biases + component * features, features),
    factor: part(factors + matrixStart(covarianceType, component, features), length),
  }));
}

/**
 * The slow, obvious kernel, against which the others are tested: one tile at a time, E then M (derivation.md eq. 2–7).
 * Log densities are two doubles, a number and its rounding error, and sums are compensated.
 */
export function referenceKernel(shape: KernelShape): Kernel {
  const { features, components, covarianceType, tileSize } = shape;
  const density = densityLayout(components, features, covarianceType);
  const statistics = statisticsLayout(components, features, covarianceType);
  const form = referenceForm(covarianceRow(covarianceType).matrix);

  let mixture: readonly Component[] = [];
  const sums = compensatedSums(statistics.length);
  let addPoint = pointAdder(sums, statistics, measureOf(new Float64Array(density.length), density, false));
  /** the points of a tile, B × d */
  const points = Array.from({ length: tileSize }, () => new Float64Array(features));
  const weights = new Float64Array(tileSize);
  const z = new Float64Array(features);
  const y = new Float64Array(features);
  /** components × B: log π + log N, then responsibilities */
  const joint = new Float64Array(components * tileSize);
  /** components × B: the rounding errors of log π + log N */
  const rests = new Float64Array(components * tileSize);
  /** components × B: exp(lp − m), exactly 0 by the rule of zero, and B: their sums over components */
  const exponentials = new Float64Array(components * tileSize);
  const totals = new Float64Array(tileSize);
  /** B: log density of each point */
  const logDensities = new Float64Array(tileSize);

  /** joint ← log π_c + log N(x; μ_c, Σ_c), logDensities ← log Σ_c exp(joint) over what the rule of zero leaves; not of padding */
  function logDensityOfTile(tiles: Tiles, tile: number): void {
    const lanes = Math.min(tileSize, tiles.count - tile * tileSize);
    for (let lane = 0; lane < lanes; lane++) storedPoint(tiles, tile * tileSize + lane, points[lane]);
    for (let component = 0; component < components; component++) {
      const { pivot, bias, factor, logConstant } = mixture[component];
      for (let lane = 0; lane < lanes; lane++) {
        const x = points[lane];
        for (let j = 0; j < features; j++) z[j] = x[j] - pivot[j];
        form.whiten(factor, bias, z, y);
        logJoint(component * tileSize + lane, logConstant);
      }
    }
    for (let lane = 0; lane < lanes; lane++) logSumExp(lane);
  }

  /** joint + rests ← log constant − ‖y‖²/2; the squared distance is at most FARTHEST */
  function logJoint(index: number, logConstant: number): void {
    let half = 0;
    let rest = 0;
    for (let j = 0; j < features; j++) {
      const square = 0.5 * y[j] * y[j];
      const sum = half + square;
      rest += twoSumError(half, square, sum) + twoProductError(0.5 * y[j], y[j], square);
      half = sum;
    }
    const near = half <= FARTHEST / 2;
    const logDensity = logConstant - (near ? half : FARTHEST / 2);
    joint[index] = logDensity;
    rests[index] = near ? twoSumError(logConstant, -half, logDensity) - rest : 0;
  }

  /** Index of the largest joint density of a point; the lower index of a tie. */
  function largest(lane: number): number {
    let most = lane;
    for (let i = lane + tileSize; i < joint.length; i += tileSize) if (joint[i] > joint[most]) most = i;
    return most;
  }

  function logSumExp(lane: number): void {
    const most = largest(lane);
    let sum = 0;
    for (let component = 0, i = lane; component < components; component++, i += tileSize) {
      const zero = joint[i] * RULE_SLOPE + mixture[component].zeroThreshold < joint[most];
      exponentials[i] = zero ? 0 : exponential(joint[i] - joint[most] + (rests[i] - rests[most]));
      sum += exponentials[i];
    }
    totals[lane] = sum;
    logDensities[lane] = joint[most] + (rests[most] + logarithm(sum));
  }

  /** joint ← responsibilities: exp(lp − m)/Σ */
  function softMax(): void {
    for (let i = 0; i < joint.length; i++) joint[i] = exponentials[i] / totals[i % tileSize];
  }

  /** sums += the statistics of the current tile, with its weights and responsibilities */
  function sumTile(): void {
    for (let lane = 0; lane < tileSize; lane++) {
      if (weights[lane] === 0) continue;
      add(sums, LOG_LIKELIHOOD, weights[lane] * logDensities[lane]);
      add(sums, WEIGHT_TOTAL, weights[lane]);
    }
    for (let component = 0; component < components; component++) {
      for (let lane = 0; lane < tileSize; lane++) {
        if (weights[lane] === 0) continue;
        const weight = weights[lane] * joint[component * tileSize + lane];
        if (weight !== 0) addPoint(component, weight, points[lane]);
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
      if (labels) labels[first + lane] = Math.floor(largest(lane) / tileSize);
      if (logJoint)
        for (let c = 0; c < components; c++)
          logJoint[row + c] = joint[c * tileSize + lane] + rests[c * tileSize + lane];
    }
    const { entropies, topComponents, topResponsibilities } = evaluation;
    const takers = [
      responsibilities && intoRows(responsibilities, components),
      entropies && intoEntropies(entropies),
      topComponents && topResponsibilities && intoTop(topComponents, topResponsibilities, topComponents.length / count),
    ].filter((taker) => taker !== undefined);
    if (takers.length > 0) softMax();
    for (const { open, take } of takers) {
      for (let lane = 0; lane < lanes; lane++) {
        open(first + lane);
        for (let c = 0; c < components; c++) {
          if (joint[c * tileSize + lane] !== 0) take(first + lane, c, joint[c * tileSize + lane]);
        }
      }
    }
  }

  return {
    kind: "reference",

    load(given, measured) {
      const parameters = copyOf(given);
      mixture = componentsOf(parameters, density);
      addPoint = pointAdder(sums, statistics, measureOf(parameters, density, measured));
    },

    expectation({ tiles, first, end }, slot) {
      sums.sums.fill(0);
      sums.errors.fill(0);
      for (let tile = first; tile < end; tile++) {
        readTileWeights(tiles, tile, weights);
        logDensityOfTile(tiles, tile);
        softMax();
        sumTile();
      }
      slot.set(roundSums(sums));
    },

    loadMeasure(measure) {
      addPoint = pointAdder(sums, statistics, measure);
    },

    moments({ tiles, first, end }, labels, slot) {
      sums.sums.fill(0);
      sums.errors.fill(0);
      for (let tile = first; tile < end; tile++) {
        readTileWeights(tiles, tile, weights);
        for (let lane = 0; lane < tileSize; lane++) {
          if (weights[lane] === 0) continue;
          add(sums, WEIGHT_TOTAL, weights[lane]);
          const label = labels[(tile - first) * tileSize + lane];
          addPoint(label, weights[lane], storedPoint(tiles, tile * tileSize + lane, points[lane]));
        }
      }
      slot.set(roundSums(sums));
    },

    evaluate({ tiles, first, end }, evaluation) {
      for (let tile = first; tile < end; tile++) {
        logDensityOfTile(tiles, tile);
        writeTile(tile, tiles.count, evaluation);
      }
    },
  };
}
