import type { DuckDBConnection } from "@duckdb/node-api";

type Node = Readonly<Record<string, unknown>>;

/** A database that only ever parses: it holds nothing, and reaches nothing. */
let parser: Promise<DuckDBConnection> | null = null;

async function openParser(): Promise<DuckDBConnection> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: "64MB",
    threads: "1",
    temp_directory: "",
    enable_external_access: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    lock_configuration: "true",
  });
  return instance.connect();
}

/** The tree of a lone expression, or what is wrong with it. in: sql, in parentheses */
export async function parseSelect(sql: string): Promise<Node | string> {
  parser ??= openParser();
  const result = await (await parser).run("SELECT json_serialize_sql($1::VARCHAR)", [`SELECT ${sql}`]);
  const [[json]] = await result.getRows();
  const tree = JSON.parse(String(json)) as Node;
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
  parser ??= openParser();
  const result = await (await parser).run("SELECT json_serialize_sql($1::VARCHAR)", [sql]);
  const [[json]] = await result.getRows();
  const tree = JSON.parse(String(json)) as Node;
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
