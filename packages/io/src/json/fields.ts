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

/** An array's elements are x0, x1, … in: refuse, throws for a name that two values have */
export function flatten(value: object, refuse: (name: string) => never): Fields {
  const fields = new Map<string, unknown>();
  const add = (prefix: string, values: object, depth: number) => {
    for (const [key, each] of Object.entries(values)) {
      const name = prefix + key;
      if (isPlainObject(each) && depth < DEEPEST) add(`${name}.`, each, depth + 1);
      else if (fields.has(name)) refuse(name);
      else fields.set(name, each);
    }
  };
  if (Array.isArray(value)) add("x", value, DEEPEST);
  else add("", value, 0);
  return fields;
}
