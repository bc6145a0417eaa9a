import { Database } from "../duckdb/database.ts";
import { quoteText } from "../duckdb/sql.ts";

type Node = Readonly<Record<string, unknown>>;

/** A database that only ever parses: it holds nothing, and reaches nothing. */
let parser: Promise<Database> | null = null;

const PARSER_BYTES = 64_000_000;

async function treeOf(sql: string): Promise<Node> {
  if (sql.includes("\0")) return { error: true, error_message: "a text ends at a zero character" };
  parser ??= Database.open([], { memoryLimit: PARSER_BYTES, threads: 1 });
  const [[json]] = await (await parser).texts(`SELECT json_serialize_sql(${quoteText(sql)}::VARCHAR)`);
  try {
    return JSON.parse(String(json)) as Node;
  } catch {
    // DuckDB writes the number 1e999 as a word that JSON does not have.
    return { error: true, error_message: "a number lies beyond the range of doubles" };
  }
}

/** The tree of a lone expression, or what is wrong with it. in: sql, in parentheses */
export async function parseSelect(sql: string): Promise<Node | string> {
  const tree = await treeOf(`SELECT ${sql}`);
  if (tree.error === true) return oneSentence(String(tree.error_message));
  const statements = tree.statements as { node: Node }[];
  if (statements.length !== 1) return "it is more than one statement";
  return loneExpression(statements[0].node) ?? "it is more than one expression";
}

/** The only expression of SELECT x, with nothing beside it. */
function loneExpression(node: Node): Node | null {
  const list = node.select_list as Node[] | undefined;
  const bare = ["where_clause", "having", "qualify", "sample"].every((part) => node[part] === null);
  const modifiers = (node.modifiers as unknown[] | undefined) ?? [];
  const from = (node.from_table as Node | null)?.type ?? "EMPTY";
  const grouped = ((node.group_expressions as unknown[] | undefined) ?? []).length > 0;
  const withs = ((node.cte_map as { map?: unknown[] } | undefined)?.map ?? []).length > 0;
  const plain = node.type === "SELECT_NODE" && list?.length === 1 && bare && from === "EMPTY" && !grouped && !withs;
  return plain && modifiers.length === 0 && list?.[0].alias === "" ? list[0] : null;
}

function oneSentence(message: string): string {
  return message.replace(/^[A-Z][\w ]* Error: /, "").split("\n")[0];
}

/** Table functions that make rows of their arguments alone. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set(["range", "generate_series", "unnest"]);

/** What is wrong with a query; null: it is one SELECT whose tables are made of `data`. */
export async function parseQuery(sql: string): Promise<string | null> {
  const tree = await treeOf(sql);
  if (tree.error === true) return `DuckDB says: ${oneSentence(String(tree.error_message))}`;
  if ((tree.statements as unknown[]).length !== 1) return "it is more than one statement";
  return forbiddenTable(tree);
}

/** A table function or a file that a tree reads, in words; null for none. */
function forbiddenTable(node: unknown): string | null {
  if (typeof node !== "object" || node === null) return null;
  const { type, function: call } = node as { type?: unknown; function?: { function_name?: unknown } };
  const name = String(call?.function_name).toLowerCase();
  if (type === "TABLE_FUNCTION" && !TABLE_FUNCTIONS.has(name)) return `it may not call ${name}()`;
  for (const child of Object.values(node)) {
    const found = forbiddenTable(child);
    if (found !== null) return found;
  }
  return null;
}
