/** The values of a JSON object by name; those of an object inside by both names, with a point between. */
export type Fields = ReadonlyMap<string, unknown>;

const DEEPEST = 8;

/** An array's elements are x0, x1, … */
export function flatten(value: object): Fields {
  const fields = new Map<string, unknown>();
  if (Array.isArray(value)) for (const [index, each] of value.entries()) fields.set(`x${index}`, each);
  else add(fields, "", value, 0);
  return fields;
}

function add(fields: Map<string, unknown>, prefix: string, value: object, depth: number): void {
  for (const [name, each] of Object.entries(value)) {
    const nested = typeof each === "object" && each !== null && !Array.isArray(each) && depth < DEEPEST;
    if (nested) add(fields, `${prefix}${name}.`, each, depth + 1);
    else fields.set(prefix + name, each);
  }
}
