/** The prior of the weights: a truncated stick-breaking "process", or a Dirichlet "distribution". */
export type WeightConcentrationType = "process" | "distribution";

export const WEIGHT_CONCENTRATION_TYPES: readonly WeightConcentrationType[] = ["process", "distribution"];
