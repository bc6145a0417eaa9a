// What a caller may choose about the steps of EM, by name.

/**
 * What happens to a component that loses all its points: it is reseeded at the point that the mixture explains worst,
 * it is dropped, it is kept with weight 0, or the start ends with an error.
 */
export type EmptyComponentPolicy = "reseed" | "drop" | "keep" | "error";

export const EMPTY_COMPONENT_POLICIES: readonly EmptyComponentPolicy[] = ["reseed", "drop", "keep", "error"];

/** How EM is accelerated: by longer steps, from the curvature that its own steps show, or not at all. */
export type Acceleration = "lbfgs" | "none";

export const ACCELERATIONS: readonly Acceleration[] = ["lbfgs", "none"];

/** Which points EM sees: first parts of them, each larger than the one before, or all from the beginning. */
export type Schedule = "progressive" | "full";

export const SCHEDULES: readonly Schedule[] = ["progressive", "full"];

/** When EM ends: when little remains to be gained, or when the last iteration changed little. */
export type StopRule = "remaining" | "change";

export const STOP_RULES: readonly StopRule[] = ["remaining", "change"];
