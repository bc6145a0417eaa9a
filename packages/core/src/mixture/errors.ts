import { EmixError, type ErrorDetails, show } from "../errors.ts";

// All messages about parameters and models: what was expected, what came, what to do.

export function notParameters(got: unknown): EmixError {
  return invalidMixture(`Expected an object with \`weights\`, \`means\` and \`covariances\`, got ${show(got)}.`);
}

export function unknownCovarianceType(known: readonly string[], got: unknown): EmixError {
  return invalidMixture(`Expected \`covarianceType\` to be one of ${known.join(", ")}, got ${show(got)}.`);
}

export function meansCount(components: number, got: number): EmixError {
  return invalidMixture(
    `Expected \`means\` to hold one mean for each of ${components} weight(s), k × d numbers in all, got ${got}.`,
    { components, got },
  );
}

interface Sizes {
  readonly covarianceType: string;
  readonly components: number;
  readonly features: number;
}

export function covariancesCount(
  { covarianceType, components, features }: Sizes,
  expected: number,
  got: number,
): EmixError {
  return invalidMixture(
    `Expected \`covariances\` to hold ${expected} numbers: type "${covarianceType}", ${components} component(s), ${features} feature(s); got ${got}.`,
    { expected, got },
  );
}

export function notNumbers(name: string, got: unknown): EmixError {
  return invalidMixture(`Expected \`${name}\` to be numbers in a flat or nested array, got ${show(got)}.`, { name });
}

export function nestedTooDeep(name: string, deepest: number): EmixError {
  return invalidMixture(`Expected \`${name}\` to be nested at most ${deepest} levels deep.`, { name });
}

export function notFinite(name: string, got: number, index: number): EmixError {
  return invalidMixture(`Expected \`${name}\` to be finite numbers, got ${got} at index ${index}.`, { name, index });
}

export function negativeWeight(component: number, got: number): EmixError {
  return invalidMixture(`Expected \`weights\` to be 0 or more, got ${got} for component ${component}.`, { component });
}

export function weightsSum(sum: number): EmixError {
  return invalidMixture(`Expected \`weights\` to sum to 1, got a sum of ${sum}.`, { sum });
}

export function notSymmetric(matrix: number, row: number, column: number): EmixError {
  return invalidMixture(
    `Expected symmetric \`covariances\`, but entries (${row}, ${column}) and (${column}, ${row}) of matrix ${matrix} differ.`,
    { matrix, row, column },
  );
}

export function noOrderOfSticks(): EmixError {
  return invalidMixture(
    "Expected a mixture whose components may be renumbered, got one of a stick-breaking process, whose order has a meaning; " +
      'fit it with weightConcentrationType "distribution".',
  );
}

function invalidMixture(message: string, details: ErrorDetails = {}): EmixError {
  return new EmixError("INVALID_MIXTURE", message, details);
}

export function notModel(got: unknown): EmixError {
  const format = typeof got === "object" && got !== null && "format" in got ? `format ${show(got.format)}` : show(got);
  return badModel(
    `Expected a model as \`emix fit --output\` or \`JSON.stringify(mixture)\` writes it, parsed from JSON; got ${format}.`,
  );
}

/** in: name, of a field of statistics */
export function badStatistics(name: string, got: unknown): EmixError {
  return badModel(
    `Expected statistics as \`JSON.stringify(statistics)\` writes them, parsed from JSON; \`${name}\` is ${show(got)}.`,
  );
}

export function modelVersion(expected: number, got: unknown): EmixError {
  return badModel(
    `Expected version 1 to ${expected} of the model format, got ${show(got)}; update emix to read this model.`,
  );
}

export function transformedColumns(): EmixError {
  return badModel(
    "Expected a mixture of the columns themselves, got one of transformed columns; use the `emix` command, or readModel.",
  );
}

export function unusableParameters(cause: EmixError): EmixError {
  return new EmixError("BAD_MODEL_FILE", `The model cannot be used. ${cause.message}`, cause.details, cause);
}

export function modelNumbers(name: string, length: number): EmixError {
  return badModel(`Expected \`${name}\` of the model to be ${length} finite numbers.`, { name });
}

export function modelNumbersAbove(name: string, least: number): EmixError {
  return badModel(`Expected \`${name}\` of the model to be numbers above ${least}.`, { name });
}

export function residualsTooLarge(): EmixError {
  return badModel("Expected `meansResidual` of the model to be smaller than the rounding of `means`.");
}

export function sizesDiffer(): EmixError {
  return badModel("Expected `components` and `features` of the model to match the lengths of its arrays.");
}

export function factorDiagonal(): EmixError {
  return badModel("Expected `factors` of the model to have positive diagonals.");
}

export function factorsDisagree(): EmixError {
  return badModel(
    "Expected `covariances` of the model to agree with its `factors`; to change a covariance, use GaussianMixture.fromParameters.",
  );
}

export function concentrationType(known: readonly string[], got: unknown): EmixError {
  return badModel(`Expected \`weightConcentrationType\` of the model to be ${known.join(" or ")}, got ${show(got)}.`);
}

function badModel(message: string, details: ErrorDetails = {}): EmixError {
  return new EmixError("BAD_MODEL_FILE", message, details);
}
