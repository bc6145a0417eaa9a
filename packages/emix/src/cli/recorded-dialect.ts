import { EmixError } from "@emix/core";
import { FILE_OPTIONS, type JsonObject, type Provenance, type TextDialect } from "@emix/io";

/**
 * How the text was written that a model was fitted to; undefined where its file does not say, or it was no text. Without
 * names of columns nothing shows whether a delimiter or lines to pass over fit another file, so they are left out.
 */
export function dialectOf(fit: Provenance = {}): TextDialect | undefined {
  const text = fit.reading?.text as JsonObject | null | undefined;
  if (typeof text !== "object" || text === null) return undefined;
  const { decimal, thousands, delimiter, header } = text;
  const { na, comment, skip } = fit.options ?? {};
  const named = header === "seen" || header === "given";
  return sound({
    ...{ decimal, thousands, na, comment },
    ...(named && { header: true, delimiter, skip }),
    ...(header === "none" && { header: false }),
  });
}

/** Only what is an option of files: a model may come from anywhere. */
function sound(given: Readonly<Record<string, unknown>>): TextDialect {
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && isOption(name, value)),
  );
}

function isOption(name: string, value: unknown): boolean {
  try {
    FILE_OPTIONS[name as keyof TextDialect].check(name, value);
    return true;
  } catch (error) {
    if (error instanceof EmixError) return false;
    throw error;
  }
}
