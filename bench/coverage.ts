import { randomStream } from "../packages/core/src/random.ts";
import { type Coverage, coverageOf } from "../test/support/coverage.ts";
import { COVARIANCE_TYPES, mixtureOf } from "../test/support/scenes.ts";
import { covarianceTypes, readFlags, wholeNumber } from "./support/flags.ts";
import { describeMachine } from "./support/machine.ts";
import { type Row, Table } from "./support/table.ts";

const FLAGS = ["count", "problems", "resamples", "type"];

/**
 * How often 95 % intervals hold the truth: percentiles of the bootstrap, and ±1.96 standard errors by the observed
 * information, of mixtures fitted to points that are drawn from one mixture.
 */
export async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, FLAGS);
  console.log(describeMachine());
  const size = {
    fits: wholeNumber(flags.problems, 200),
    count: wholeNumber(flags.count, 1000),
    resamples: wholeNumber(flags.resamples, 200),
  };
  const table = new Table({ type: 14, by: 11, weights: 7, means: 7, covariances: 11 });
  for (const type of covarianceTypes(flags.type, COVARIANCE_TYPES)) {
    const truth = mixtureOf(type, 2, 2, randomStream(4, type));
    const { bootstrap, information } = await coverageOf(truth, size);
    table.print({ type, by: "bootstrap", ...shares(bootstrap) });
    table.print({ type, by: "information", ...shares(information) });
  }
}

function shares({ weights, means, covariances }: Coverage): Row {
  return { weights: weights.toFixed(3), means: means.toFixed(3), covariances: covariances.toFixed(3) };
}
