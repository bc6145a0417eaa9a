/** Every failure that a caller can meet, by name. */
export type ErrorCode =
  | "INVALID_OPTION"
  | "UNKNOWN_OPTION"
  | "INVALID_POINTS"
  | "EMPTY_DATA"
  | "NON_FINITE_POINT"
  | "INVALID_WEIGHT"
  | "ZERO_TOTAL_WEIGHT"
  | "TOO_MANY_COMPONENTS"
  | "TOO_FEW_DISTINCT_POINTS"
  | "COLLAPSED_COMPONENT"
  | "EMPTY_COMPONENT"
  | "INITIALIZATION_FAILED"
  | "NOT_A_MAXIMUM"
  | "FEATURES_MISMATCH"
  | "INVALID_MIXTURE"
  | "BAD_MODEL_FILE"
  | "BAD_CHECKPOINT"
  | "CHECKPOINT_MISMATCH"
  | "CHECKPOINT_FAILED"
  | "OVERFLOW"
  | "UNDERFLOW"
  | "ABORTED"
  | "WORKER_LOST"
  | "STEP_TIMEOUT"
  | "QUEUE_FULL"
  | "THREAD_NOT_STARTED"
  | "ENGINE_CLOSED"
  | "POINTS_DISPOSED"
  | "ENGINE_LOST"
  | "ALLOCATION_FAILED"
  | "STORAGE_FAILED"
  | "FILE_NOT_FOUND"
  | "BAD_FILE"
  | "AMBIGUOUS_FILE"
  | "UNKNOWN_FORMAT"
  | "UNKNOWN_COLUMN"
  | "FILE_CHANGED"
  | "FILE_REFUSED"
  | "CLUSTER_REDIS"
  | "CLUSTER_EMPTY"
  | "CLUSTER_MISMATCH"
  | "INTERNAL";

/** Plain values, so that a program can read what the message says in words. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** The one error class of emix: `code` names the cause, `details` holds the numbers of the message. */
export class EmixError extends Error {
  /** "EmixError", also where a bundler renames the class */
  override readonly name: string = "EmixError";
  /** The cause. Programs should read this, not the message, whose words may change. */
  readonly code: ErrorCode;
  /** the numbers and names of the message */
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    // What a message quotes of others may have several lines. A fault of ours comes with its stack.
    super(
      code === "INTERNAL" ? message : message.replace(/\s*[\r\n]\s*/g, " "),
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
    this.details = details;
  }
}

/** An error as plain data. Only in this form do failures cross threads. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

export function toPlainError(error: unknown): PlainError {
  if (error instanceof EmixError) return { code: error.code, message: error.message, details: error.details };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "INTERNAL", message, details: {} };
}

export function fromPlainError(plain: PlainError): EmixError {
  return new EmixError(plain.code, plain.message, plain.details);
}

// All messages of core except those in points/errors.ts and mixture/errors.ts: what was expected, what came, what to
// do.

export function invalidOption(option: string, expected: string, got: unknown): EmixError {
  return new EmixError("INVALID_OPTION", `Expected \`${option}\` to be ${expected}, got ${show(got)}.`, {
    option,
    got,
  });
}

/** in: of, the option that has this field; nearest, the known name that was probably meant */
export function unknownOption(
  name: string,
  known: readonly string[],
  { of, nearest }: { readonly of?: string | undefined; readonly nearest?: string | undefined } = {},
): EmixError {
  const option = of === undefined ? name : `${of}.${name}`;
  const guess = nearest === undefined ? "" : ` Did you mean \`${nearest}\`?`;
  const options = of === undefined ? "Known options" : `Fields of \`${of}\``;
  const message = `Unknown option \`${option}\`.${guess} ${options}: ${known.join(", ")}.`;
  return new EmixError("UNKNOWN_OPTION", message, { option, known });
}

export function invalidPrior(cause: EmixError): EmixError {
  const message = `Expected \`prior.mean\` and \`prior.covariance\` to describe one component of the mixture. ${cause.message}`;
  return new EmixError("INVALID_OPTION", message, { option: "prior", ...cause.details }, cause);
}

export function tooManyComponents(components: number, count: number): EmixError {
  return new EmixError(
    "TOO_MANY_COMPONENTS",
    `Expected \`components\` to be at most ${count}, the number of points with a positive weight, got ${components}.`,
    { components, count },
  );
}

export function tooFewDistinctPoints(distinct: number, components: number): EmixError {
  return new EmixError(
    "TOO_FEW_DISTINCT_POINTS",
    `Expected at least ${components} distinct points for ${components} components, found ${distinct}; lower \`components\`.`,
    { distinct, components },
  );
}

export function emptyComponent(component: number, components: number): EmixError {
  return new EmixError(
    "EMPTY_COMPONENT",
    `Component ${component} of ${components} lost all its points; lower \`components\`, or set \`emptyComponent\` to "reseed", "drop" or "keep".`,
    { component, components },
  );
}

export function collapsedComponent(
  component: number,
  components: number,
  mass: number,
  features: number,
  rank?: number,
): EmixError {
  const state = rank === undefined ? "is singular" : `has rank ${rank}`;
  return new EmixError(
    "COLLAPSED_COMPONENT",
    `Component ${component} of ${components} collapsed: its covariance in ${features} feature(s) ${state} (total weight of its ` +
      `points: ${Number(mass.toPrecision(4))}); lower \`components\`, raise \`regularization\`, or remove constant and collinear features.`,
    { component, components, mass, features, ...(rank !== undefined && { rank }) },
  );
}

export function overflow(feature?: number): EmixError {
  const expected =
    feature === undefined
      ? "Expected sums over the points to be finite, but they overflow; scale the features or the point weights down."
      : `Expected the variance of every feature to be finite, but that of feature ${feature} (counted from 0) overflows; scale the feature down.`;
  return new EmixError("OVERFLOW", expected, feature === undefined ? {} : { feature });
}

export function underflow(feature: number, variance: number): EmixError {
  return new EmixError(
    "UNDERFLOW",
    `Expected the variance of every feature to be at least 2^-1022, got ${variance} for feature ${feature} (counted from 0); scale the feature up.`,
    { feature, variance },
  );
}

export function initializationFailed(attempts: number, cause: EmixError): EmixError {
  return new EmixError(
    "INITIALIZATION_FAILED",
    `None of ${attempts} attempt(s) gave a usable start. The last one failed: ${cause.message}`,
    { attempts, cause: toPlainError(cause) },
    cause,
  );
}

/** in: gain, what a point would still gain; none: the log-likelihood rises away from the mixture, or is level */
export function notAMaximum(gain?: number): EmixError {
  const got =
    gain === undefined
      ? "it rises, or stays level, in some direction"
      : `each would gain about ${Number(gain.toPrecision(2))} elsewhere`;
  return new EmixError(
    "NOT_A_MAXIMUM",
    `Expected the log-likelihood of the points to have a maximum at \`mixture\`, but ${got}; fit the mixture to these points with a smaller \`tolerance\` and without a prior, or use \`bootstrap\`.`,
    gain === undefined ? {} : { gain },
  );
}

export function featuresMismatch(expected: number, got: number): EmixError {
  return new EmixError("FEATURES_MISMATCH", `Expected points with ${expected} feature(s), got ${got}.`, {
    expected,
    got,
  });
}

/** in: bytes, of results that a call asks for */
export function resultsTooLarge(bytes: number, reason: string): EmixError {
  return new EmixError(
    "ALLOCATION_FAILED",
    `Could not allocate ${bytes} bytes for the results (${reason}); ask for fewer rows at a time, or for labels only.`,
    { bytes, reason },
  );
}

/** Whether an object has fields of its own alone: one written as { … }, in any realm, or made without a prototype. */
export function isPlainObject(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return (
    prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "hasOwnProperty"))
  );
}

/** Characters of a text, and keys of an object, that a message shows. */
const LONGEST_SHOWN = 200;
const MOST_KEYS = 12;

/** Writes a value for a message: short, on one line, with its type where that helps. */
export function show(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length <= LONGEST_SHOWN ? value : `${value.slice(0, LONGEST_SHOWN)}…`);
  }
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} of ${value.byteLength} bytes`;
  if (value !== null && typeof value === "object") {
    if (!isPlainObject(value))
      return `an object of class ${Object.getPrototypeOf(value).constructor?.name || "unknown"}`;
    const keys = Object.keys(value);
    const more = keys.length > MOST_KEYS ? `, … (${keys.length} in all)` : "";
    return `an object with keys ${keys.slice(0, MOST_KEYS).join(", ") || "(none)"}${more}`;
  }
  return String(value);
}
