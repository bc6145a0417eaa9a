/** How weights are distributed before any point is seen: by a truncated stick-breaking process, or by a Dirichlet. */
export type WeightConcentrationType = "process" | "distribution";

export const WEIGHT_CONCENTRATION_TYPES: readonly WeightConcentrationType[] = ["process", "distribution"];
