/** Points of the pattern that large data repeat. */
export const PATTERN = 1000;
