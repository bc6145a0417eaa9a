/** What a fit can warn of; docs/numerics.md explains each. */
export type WarningCode =
  | "EMPTY_COMPONENT"
  | "COLLAPSED_COMPONENT"
  | "SINGULAR_COVARIANCE"
  | "NEAR_RESOLUTION"
  | "NON_MONOTONE"
  | "NOT_CONVERGED"
  | "TIME_BUDGET"
  | "MISSING_POINTS"
  | "CONSTANT_FEATURE"
  | "DEGENERATE_DATA"
  | "KERNEL_FALLBACK";

/** Something that a caller should know about a fit that nevertheless succeeded. */
export interface Warning {
  /** what happened */
  readonly code: WarningCode;
  /** the component it happened to, from 0 */
  readonly component?: number;
  /** the feature it is about, from 0 */
  readonly feature?: number;
  /** in how many directions a covariance was wider than the rounding, or above the floor by itself */
  readonly rank?: number;
  /** the rounding of the data, in standard deviations of a covariance's thinnest direction */
  readonly resolution?: number;
  /** what was done about an empty component */
  readonly policy?: "reseed" | "drop";
  /** rows that were left out because a number was missing */
  readonly points?: number;
  /** by how much the mean log-likelihood fell */
  readonly fall?: number;
  /** by how much the bound changed in the last iteration; absent where there was but one */
  readonly change?: number;
  /** the first iteration in which it was seen; 0 is the start */
  readonly firstIteration?: number;
  /** the last one */
  readonly lastIteration?: number;
}

/** The warnings of a whole fit: one for each cause and policy, with the iterations in which it was seen. */
export class WarningLog {
  readonly #entries: Warning[] = [];
  /** where in the list a warning is: by its cause and policy, then by its component + 1; at 0 if it has none */
  readonly #places = new Map<string, (number | undefined)[]>();

  /** in: what another log listed */
  constructor(listed: readonly Warning[] = []) {
    for (const warning of listed) this.#entries[this.#placeOf(warning)] = warning;
  }

  add(warnings: readonly Warning[], iteration: number): void {
    for (const warning of warnings) {
      const place = this.#placeOf(warning);
      const firstIteration = this.#entries[place]?.firstIteration ?? iteration;
      this.#entries[place] = { ...warning, firstIteration, lastIteration: iteration };
    }
  }

  #placeOf({ code, component, feature, policy }: Warning): number {
    // A hundred thousand components may warn in every step: their causes are few texts.
    const cause = feature === undefined && policy === undefined ? code : `${code}/${feature}/${policy}`;
    const places = this.#places.get(cause) ?? [];
    this.#places.set(cause, places);
    const at = component === undefined ? 0 : component + 1;
    const place = places[at] ?? this.#entries.length;
    places[at] = place;
    return place;
  }

  list(): readonly Warning[] {
    return this.#entries.slice();
  }
}
