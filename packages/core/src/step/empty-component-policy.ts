/**
 * What happens to a component that loses all its points: it is reseeded at the point that the mixture explains worst,
 * it is dropped, it is kept with weight 0, or the start ends with an error.
 */
export type EmptyComponentPolicy = "reseed" | "drop" | "keep" | "error";

export const EMPTY_COMPONENT_POLICIES: readonly EmptyComponentPolicy[] = ["reseed", "drop", "keep", "error"];
