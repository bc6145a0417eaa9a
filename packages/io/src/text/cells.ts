import { badText, repeatedNames } from "../errors.ts";
import type { Column, Source } from "../table.ts";
import { booleanIn, listIn } from "./kinds.ts";
import { type NumberStyle, numberIn, parseNumber } from "./numbers.ts";
import type { RecordScanner } from "./records.ts";
import type { RowPlan } from "./rows.ts";

/** What of a column becomes numbers, and where in a row of the batch they go. */
interface Target {
  readonly field: number;
  readonly column: Column;
  /** for a list, the place of each element; otherwise only that of element 0 */
  readonly places: readonly { readonly element: number; readonly place: number }[];
}

/** Reads the chosen numbers of records. */
export class Cells {
  readonly width: number;
  readonly #path: string;
  readonly #targets: readonly Target[];
  readonly #style: NumberStyle;
  readonly #decimal: number;
  readonly #missing: ReadonlySet<string>;
  /** whether a token for missing values looks like a number, so that every value must be held against it */
  readonly #numericTokens: boolean;
  readonly counts: Map<string, number> = new Map();

  constructor(path: string, columns: readonly Column[], sources: readonly Source[], how: CellReading) {
    this.#path = path;
    this.width = sources.length;
    this.#targets = targetsOf(columns, sources);
    this.#style = how.style;
    this.#decimal = how.style.decimal.charCodeAt(0);
    this.#missing = how.missing;
    this.#numericTokens = [...how.missing].some(
      (token) => token !== "" && numberIn(token, how.style) !== undefined && !/nan/i.test(token),
    );
  }

  /** How rows of plain numbers are read at one go; null where some row is never plain. in: width, fields of a record */
  plan(width: number, delimiter: string): RowPlan | null {
    const places = new Int32Array(width).fill(-1);
    const several = this.#targets.some((target) => target.column.kind !== "number" || target.places.length > 1);
    if (several || this.#numericTokens || delimiter === "") return null;
    for (const {
      field,
      places: [{ place }],
    } of this.#targets)
      places[field] = place;
    return { places, delimiter: delimiter.charCodeAt(0), decimal: this.#decimal };
  }

  /** Writes the numbers of the scanner's record. @throws BAD_FILE */
  read(scanner: RecordScanner, out: Float64Array, at: number): void {
    for (const target of this.#targets) {
      const { field, column, places } = target;
      if (column.kind !== "number" && column.kind !== "empty") {
        this.#readOther(scanner, target, out, at);
        continue;
      }
      let value = this.#numericTokens
        ? Number.NaN
        : parseNumber(scanner.bytes, scanner.starts[field], scanner.ends[field], this.#decimal);
      if (Number.isNaN(value)) value = this.#slow(scanner, target);
      for (let place = 0; place < places.length; place++) out[at + places[place].place] = value;
    }
  }

  #slow(scanner: RecordScanner, { field, column }: Target): number {
    const text = scanner.text(field);
    if (this.#isMissing(text)) return Number.NaN;
    const value = numberIn(text, this.#style);
    if (value !== undefined) return value;
    if (text.trim() === column.name) throw repeatedNames(this.#path, scanner.line, text);
    throw badText(this.#path, scanner.line, column.name, text);
  }

  #readOther(scanner: RecordScanner, { field, column, places }: Target, out: Float64Array, at: number): void {
    const text = scanner.text(field);
    const missing = this.#isMissing(text);
    const values = missing ? [] : column.kind === "boolean" ? [booleanIn(text)] : listIn(text);
    const length = column.kind === "boolean" ? 1 : column.length;
    if (values === undefined || (!missing && (values.length !== length || values.includes(undefined)))) {
      const expected = column.kind === "boolean" ? "true or false" : `a list of ${length} numbers`;
      throw badText(this.#path, scanner.line, column.name, text, expected);
    }
    for (const { element, place } of places) out[at + place] = values[element] ?? Number.NaN;
  }

  #isMissing(text: string): boolean {
    const token = text.trim();
    if (!this.#missing.has(token)) return false;
    this.counts.set(token, (this.counts.get(token) ?? 0) + 1);
    return true;
  }
}

export interface CellReading {
  readonly style: NumberStyle;
  readonly missing: ReadonlySet<string>;
}

function targetsOf(columns: readonly Column[], sources: readonly Source[]): Target[] {
  const targets = new Map<number, { element: number; place: number }[]>();
  for (const [place, source] of sources.entries()) {
    if ("expression" in source) continue;
    const places = targets.get(source.column) ?? [];
    places.push({ element: source.element ?? 0, place });
    targets.set(source.column, places);
  }
  return [...targets].map(([field, places]) => ({ field, column: columns[field], places }));
}
