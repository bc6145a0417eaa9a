/** A row of a table: columns by name, in their order. */
export type Row = Readonly<Record<string, string>>;

/** Prints rows under one another as they come. in: columns, the width of each at least */
export class Table {
  readonly #widths: Map<string, number>;

  constructor(columns: Readonly<Record<string, number>>) {
    this.#widths = new Map(Object.entries(columns).map(([name, width]) => [name, Math.max(width, name.length)]));
    this.print(Object.fromEntries([...this.#widths.keys()].map((name) => [name, name])));
  }

  /** The first column to the left, numbers to the right. */
  print(row: Row): void {
    const cells = [...this.#widths].map(([name, width], i) => {
      const text = row[name] ?? "";
      return i === 0 ? text.padEnd(width) : text.padStart(width);
    });
    console.log(cells.join("  ").trimEnd());
  }
}

/** Three or four significant digits, never an exponent. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(digits, 4));
}

export function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
