/**
 * What happens to a component that loses all its points: it starts anew at the point that the mixture explains worst,
 * is dropped, keeps its place with weight 0, or ends that start with an error.
 */
export type EmptyComponentPolicy = "reseed" | "drop" | "keep" | "error";

export const EMPTY_COMPONENT_POLICIES: readonly EmptyComponentPolicy[] = ["reseed", "drop", "keep", "error"];
