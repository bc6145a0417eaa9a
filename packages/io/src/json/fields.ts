/** The values of a JSON object by name; those of an object inside by both names, with a point between. */
export type Fields = ReadonlyMap<string, unknown>;

const DEEPEST = 8;

/** What ES2026 adds to JSON. */
const RAW = JSON as unknown as {
  parse: (text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown) => unknown;
  rawJSON: (text: string) => object;
  isRawJSON: (value: unknown) => boolean;
};

/** As JSON.parse, but numbers stay the text that they are; `fieldText` takes it. */
export function parseExactly(text: string): unknown {
  return RAW.parse(text, (_, value, { source }) =>
    typeof value === "number" && source !== undefined ? RAW.rawJSON(source) : value,
  );
}

/** A value as its line writes it, strings without their quotes; null for none. */
export function fieldText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !RAW.isRawJSON(value);
}

/** An array's elements are x0, x1, … */
export function flatten(value: object): Fields {
  const fields = new Map<string, unknown>();
  if (Array.isArray(value)) for (const [index, each] of value.entries()) fields.set(`x${index}`, each);
  else add(fields, "", value, 0);
  return fields;
}

function add(fields: Map<string, unknown>, prefix: string, value: object, depth: number): void {
  for (const [name, each] of Object.entries(value)) {
    const nested = isPlainObject(each) && depth < DEEPEST;
    if (nested) add(fields, `${prefix}${name}.`, each, depth + 1);
    else fields.set(prefix + name, each);
  }
}
