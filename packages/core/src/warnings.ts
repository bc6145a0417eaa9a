export type WarningCode =
  | "EMPTY_COMPONENT"
  | "COLLAPSED_COMPONENT"
  | "SINGULAR_COVARIANCE"
  | "NEAR_RESOLUTION"
  | "NON_MONOTONE"
  | "NOT_CONVERGED"
  | "MISSING_POINTS"
  | "CONSTANT_FEATURE"
  | "DEGENERATE_DATA"
  | "KERNEL_FALLBACK";

/** Something that a caller should know of a fit that went through all the same. */
export interface Warning {
  readonly code: WarningCode;
  readonly component?: number;
  readonly feature?: number;
  /** directions in which a covariance stands by itself */
  readonly rank?: number;
  /** the data's rounding in standard deviations of a covariance's thinnest direction */
  readonly resolution?: number;
  /** what was done about an empty component */
  readonly policy?: "reseed" | "drop";
  /** rows that were dropped because they lack a number */
  readonly points?: number;
  /** by how much the mean log-likelihood fell */
  readonly fall?: number;
  /** by how much the bound changed in the last iteration; absent where there was but one */
  readonly change?: number;
  /** The iterations that it was first and last seen in; 0 is the start. */
  readonly firstIteration?: number;
  readonly lastIteration?: number;
}

/** The warnings of a whole fit: one for each cause and what was done about it, with the iterations that it was seen in. */
export class WarningLog {
  readonly #entries = new Map<string, Warning>();

  add(warnings: readonly Warning[], iteration: number): void {
    for (const warning of warnings) {
      const key = `${warning.code}/${warning.component}/${warning.feature}/${warning.policy}`;
      const firstIteration = this.#entries.get(key)?.firstIteration ?? iteration;
      this.#entries.set(key, { ...warning, firstIteration, lastIteration: iteration });
    }
  }

  list(): readonly Warning[] {
    return [...this.#entries.values()];
  }
}
