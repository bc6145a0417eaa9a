import type { RowBatch } from "@emix/core";
import { badFile } from "../errors.ts";
import {
  type Column,
  isUsable,
  type Source,
  type Table,
  type TextBatch,
  type TextFacts,
  type ValueBatch,
  type ValueTable,
} from "../table.ts";

/** Tables with the same columns as one, their rows in order. @throws BAD_FILE */
export function joinTables(tables: readonly Table[]): Table {
  return tables.length === 1 ? tables[0] : new JoinedTable(tables as readonly ValueTable[]);
}

class JoinedTable implements ValueTable {
  readonly path: string;
  readonly format: string;
  readonly columns: readonly Column[];
  readonly text: TextFacts | null;
  readonly #tables: readonly ValueTable[];
  /** where each table has each column */
  readonly #places: readonly (readonly number[])[];
  /** the table that the pass under way is at */
  #current = 0;

  constructor(tables: readonly ValueTable[]) {
    const [first] = tables;
    this.path = first.path;
    this.format = first.format;
    this.text = first.text;
    this.#tables = tables;
    this.#places = tables.map((table) => placesIn(table, first));
    this.columns = first.columns.map((_, column) => unifyColumns(tables, this.#places, column));
  }

  get missing(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { missing } of this.#tables) {
      for (const [token, count] of missing) counts.set(token, (counts.get(token) ?? 0) + count);
    }
    return counts;
  }

  get notes(): readonly string[] {
    return this.#tables.flatMap(({ path, notes }) => notes.map((note) => `${path}: ${note}`));
  }

  progress(): number {
    return (this.#current + this.#tables[this.#current].progress()) / this.#tables.length;
  }

  async count(limit: number): Promise<number> {
    let rows = 0;
    for (const [index, table] of this.#tables.entries()) {
      this.#current = index;
      if (rows < limit) rows += await table.count(limit - rows);
    }
    return rows;
  }

  numbers(sources: readonly Source[], limit: number): AsyncGenerator<RowBatch> {
    return this.#inOrder(limit, (table, places, left) => {
      const own = sources.map((source) => ("column" in source ? { ...source, column: places[source.column] } : source));
      return table.numbers(own, left);
    });
  }

  values(columns: readonly number[], limit: number): AsyncGenerator<ValueBatch> {
    return this.#inOrder(limit, (table, places, left) => table.values(ofPlaces(columns, places), left));
  }

  texts(columns: readonly number[], limit: number): AsyncGenerator<TextBatch> {
    return this.#inOrder(limit, (table, places, left) => table.texts(ofPlaces(columns, places), left));
  }

  async typeOf(name: string, expression: string): Promise<string> {
    const types = new Set<string>();
    for (const table of this.#tables) types.add(await table.typeOf(name, expression));
    return [...types][0];
  }

  async close(): Promise<void> {
    for (const table of this.#tables) await table.close();
  }

  /** What every table gives, one after another. in: read, with where the table has each column, and rows still wanted */
  async *#inOrder<B extends { readonly rowCount: number }>(
    limit: number,
    read: (table: ValueTable, places: readonly number[], left: number) => AsyncIterable<B>,
  ): AsyncGenerator<B> {
    let left = limit;
    for (const [index, table] of this.#tables.entries()) {
      if (left === 0) return;
      this.#current = index;
      for await (const batch of read(table, this.#places[index], left)) {
        left -= batch.rowCount;
        yield batch;
      }
    }
  }
}

function ofPlaces(columns: readonly number[], places: readonly number[]): number[] {
  return columns.map((column) => places[column]);
}

function placesIn(table: Table, first: Table): number[] {
  const names = table.columns.map(({ name }) => name);
  const places = first.columns.map(({ name }) => names.indexOf(name));
  const lacking = first.columns.filter((_, column) => places[column] < 0).map(({ name }) => name);
  if (lacking.length > 0 || names.length !== places.length) {
    const more = names.filter((name) => !first.columns.some((column) => column.name === name));
    const difference =
      lacking.length > 0 ? `lacks ${JSON.stringify(lacking[0])}` : `has ${JSON.stringify(more[0])} besides`;
    throw badFile(table.path, `expected the columns of ${first.path}, but it ${difference}`, { lacking, more });
  }
  return places;
}

/** A column of all tables. @throws BAD_FILE where they hold different things in it */
function unifyColumns(tables: readonly Table[], places: readonly (readonly number[])[], column: number): Column {
  const all = tables.map((table, index) => table.columns[places[index][column]]);
  const filled = all.filter(({ kind }) => kind !== "empty");
  const [first = all[0]] = filled;
  const other = filled.findIndex(({ kind, length }) => kind !== first.kind || length !== first.length);
  if (other >= 0 && (isUsable(first) || isUsable(filled[other]))) {
    const path = tables[all.indexOf(filled[other])].path;
    const problem = `column ${JSON.stringify(first.name)} holds ${filled[other].type}, but ${first.type} in ${tables[all.indexOf(first)].path}`;
    throw badFile(path, problem, { column: first.name });
  }
  return {
    ...first,
    rowNumber: all.every(({ rowNumber }) => rowNumber),
    single: all.every(({ single }) => single),
  };
}
