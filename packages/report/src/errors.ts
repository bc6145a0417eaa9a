import { EmixError } from "@emix/core";

// Every message of report is built here: what was expected, what came, what to do.

/** in: field, its path in ReportData, as mixture.means */
export function badReport(field: string, expected: string, got: string): EmixError {
  return new EmixError("INVALID_OPTION", `Expected \`${field}\` of the report to be ${expected}, got ${got}.`, {
    option: field,
    got,
  });
}

export function tooManySampleRows(got: number, most: number): EmixError {
  return new EmixError(
    "INVALID_OPTION",
    `Expected at most ${most} rows in \`sample\` of the report, got ${got}; draw ${most} of them at random.`,
    { option: "sample", got, most },
  );
}

export function pictureFailed(cause: unknown): EmixError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EmixError(
    "INVALID_OPTION",
    `Expected \`svg\` to be a complete SVG document, got one that cannot be drawn (${reason}); pass what pairPicture made.`,
    { option: "svg" },
    cause,
  );
}
