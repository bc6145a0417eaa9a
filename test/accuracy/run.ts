// Digits of accuracy on ill-conditioned data, ours beside those of scikit-learn and OTT-JAX. `pnpm accuracy`

import { runEm } from "../support/check-fit.ts";
import {
  type DigitsOrError,
  digitsOf,
  type IllConditionedCase,
  illConditionedCases,
  startOf,
} from "../support/digits.ts";

async function ours(given: IllConditionedCase): Promise<DigitsOrError> {
  const { points, pointWeights, nSteps } = given;
  try {
    const { mixture } = await runEm({ points, pointWeights, start: startOf(given), maxIterations: nSteps });
    return digitsOf(mixture, given);
  } catch (error) {
    return { error: String(error) };
  }
}

function shown(digits: DigitsOrError): string {
  if (digits === null) return "–";
  if ("error" in digits) return "error";
  return [digits.ll, digits.means, digits.cov].map((value) => value.toFixed(1)).join(" / ");
}

const row = (name: string, type: string, ...cells: string[]) =>
  `${name.padEnd(46)} ${type.padEnd(10)}${cells.map((cell) => cell.padEnd(20)).join("")}`;

console.log("Digits of log-likelihood / means / covariances; 16 is exact\n");
console.log(row("case", "type", "emix", "scikit-learn", "OTT-JAX f64", "OTT-JAX f32"));
for (const given of illConditionedCases()) {
  const { sklearnF64, ottF64, ottF32 } = given.digits;
  const cells = [await ours(given), sklearnF64, ottF64, ottF32].map(shown);
  console.log(row(given.name, given.covarianceType, ...cells));
}
