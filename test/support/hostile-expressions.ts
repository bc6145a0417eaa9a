import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EmixError, type Engine } from "emix";
import { type Random, randomStream } from "../../packages/core/src/random.ts";
import { pick } from "./edits.ts";

// Column expressions by a grammar: what is allowed, what DuckDB knows besides, and what only looks like either.

const TABLE =
  "a,b,s,when,yes\n1,2,x1,2001-01-01 05:30:00,true\n3,4,x2,2001-01-02 06:00:00,false\n5,-1,x3,2001-01-03,true\n";

const ATOMS = [
  ...[
    "a",
    "b",
    "s",
    '"when"',
    "yes",
    "A",
    '"a"',
    "data.a",
    "c",
    "*",
    "$1",
    "?",
    "NULL",
    "TRUE",
    "1",
    "-0",
    "1e308",
    "1e999",
    "0.5",
  ],
  ...[
    "'x'",
    "'2001-01-01'",
    "'d.csv'",
    "'/etc/passwd'",
    "DATE '2001-01-01'",
    "INTERVAL 1 DAY",
    "[1, 2]",
    "{'x': 1}",
    "x -> x",
  ],
  ...[
    "1000000000",
    "9223372036854775807",
    "99999999999999999999999999",
    "'\\\\'",
    "''",
    "E'\\\\x00'",
    "$$t$$",
    "COLUMNS(*)",
  ],
];

const FUNCTIONS = [
  ...[
    "abs",
    "sqrt",
    "ln",
    "log",
    "exp",
    "sin",
    "power",
    "round",
    "floor",
    "greatest",
    "least",
    "coalesce",
    "nullif",
    "hour",
  ],
  ...[
    "minute",
    "date_part",
    "epoch",
    "length",
    "lower",
    "replace",
    "regexp_replace",
    "substr",
    "strpos",
    "if",
    "isnan",
  ],
  ...[
    "enable_logging",
    "read_csv",
    "read_text",
    "glob",
    "getenv",
    "current_setting",
    "random",
    "now",
    "error",
    "repeat",
  ],
  ...[
    "range",
    "generate_series",
    "lpad",
    "printf",
    "sum",
    "count",
    "unnest",
    "nextval",
    "pragma_version",
    "duckdb_settings",
  ],
  ...[
    "write_log",
    "query",
    "query_table",
    "load_extension",
    "parse_path",
    "hash",
    "uuid",
    "txid_current",
    "sleep",
    "checkpoint",
  ],
];

const OPERATORS = [
  "+",
  "-",
  "*",
  "/",
  "//",
  "%",
  "**",
  "^",
  "||",
  "=",
  "<>",
  "<",
  ">=",
  "AND",
  "OR",
  "IS",
  "IN",
  "LIKE",
  "~",
  "<<",
  "->",
  "::",
];

const WHOLES = [
  ...[
    "(SELECT count(*) FROM enable_logging(storage:='file', storage_path:='d.csv'))",
    "(SELECT 1)",
    "a) FROM data; COPY data TO 'd.csv",
  ],
  ...[
    "a); COPY (SELECT 1) TO 'e.csv'; SELECT (1",
    "a) UNION ALL SELECT (1",
    "sum(a) OVER ()",
    "a FILTER (WHERE a > 1)",
    "a -- b",
  ],
  ...[
    "a /* b",
    "1) INTO (2",
    "(FROM data)",
    "PIVOT data ON a",
    "a); ATTACH 'x.db'; SELECT (1",
    "a); INSTALL httpfs; SELECT (1",
  ],
  ...[
    "a); SET enable_external_access = true; SELECT (1",
    "(COPY data TO '/dev/stdout')",
    "EXISTS (FROM read_text('/etc/hostname'))",
  ],
  ...[
    "(WITH RECURSIVE t AS (SELECT 1 UNION ALL SELECT 1 FROM t) SELECT count(*) FROM t)",
    "a); CALL enable_logging(); SELECT (1",
  ],
];

/** Expression number `index` of a seed. */
export function hostileExpression(seed: string | number, index: number): string {
  const random = randomStream(seed, "expressions", index);
  return term(random, 1 + Math.floor(random.uniform() * 4));
}

function term(random: Random, depth: number): string {
  const kind = random.uniform();
  if (depth === 0 || kind < 0.15) return pick(random, ATOMS);
  const inner = () => term(random, depth - 1);
  if (kind < 0.25) return pick(random, WHOLES);
  if (kind < 0.55)
    return `${pick(random, FUNCTIONS)}(${Array.from({ length: Math.floor(random.uniform() * 4) }, inner).join(", ")})`;
  if (kind < 0.8) return `${inner()} ${pick(random, OPERATORS)} ${inner()}`;
  if (kind < 0.85) return `(${inner()})`;
  if (kind < 0.9) return `CASE WHEN ${inner()} THEN ${inner()} ELSE ${inner()} END`;
  if (kind < 0.95)
    return `CAST(${inner()} AS ${pick(random, ["DOUBLE", "INTEGER", "VARCHAR", "DATE", "BLOB", "INTEGER[]", "x"])})`;
  return cut(inner(), random);
}

/** A text that lost something in the middle. */
function cut(text: string, random: Random): string {
  const at = Math.floor(random.uniform() * text.length);
  return text.slice(0, at) + text.slice(at + 1 + Math.floor(random.uniform() * 3));
}

const NAME = "data.csv";

export function writeTable(folder: string): void {
  writeFileSync(join(folder, NAME), TABLE);
}

/**
 * How a column by this expression ended: "read", or the code of the error. in: folder, with nothing but the table
 * @throws where it ended in anything else, or touched a file
 */
export async function expressionOutcome(engine: Engine, folder: string, expression: string): Promise<string> {
  const path = join(folder, NAME);
  const outcome = await engine.loadFile(path, { columns: ["a", `z=${expression}`], missing: "drop" }).then(
    () => "read",
    (error: unknown) => {
      if (!(error instanceof EmixError) || error.code === "INTERNAL" || error.message.includes("\n")) throw error;
      return error.code;
    },
  );
  const names = readdirSync(folder);
  if (names.length !== 1) throw new Error(`files: ${names.join(", ")}`);
  if (readFileSync(path, "utf8") !== TABLE) throw new Error("the file was written");
  return outcome;
}
