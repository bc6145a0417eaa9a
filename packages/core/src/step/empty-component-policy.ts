/**
 * What becomes of a component that no point belongs to: it keeps its place with weight 0, starts anew at the point that
 * the mixture explains worst, is dropped, or ends the fit with an error.
 */
export type EmptyComponentPolicy = "keep" | "reseed" | "drop" | "error";

export const EMPTY_COMPONENT_POLICIES: readonly EmptyComponentPolicy[] = ["keep", "reseed", "drop", "error"];
