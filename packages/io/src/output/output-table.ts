/** What a column of an output holds. */
export type OutputType = "integer" | "number" | "boolean" | "text";

export interface OutputColumn {
  readonly name: string;
  readonly type: OutputType;
}

/** null: an empty cell */
export type Cell = number | boolean | string | null;

/** Consecutive rows, by column. */
export interface OutputBatch {
  readonly rowCount: number;
  readonly columns: readonly (readonly Cell[])[];
}

/** Rows on their way to a file, or to a terminal. */
export interface OutputTable {
  readonly columns: readonly OutputColumn[];
  readonly batches: AsyncIterable<OutputBatch>;
}
