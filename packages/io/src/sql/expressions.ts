import { badExpression, unknownColumn } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { CAST_TYPES, FUNCTIONS, OPERATORS, REPLACING } from "./functions.ts";
import { parseSelect } from "./parser.ts";

/** A column derived by SQL. */
export interface Expression {
  readonly name: string;
  readonly expression: string;
}

type Node = Readonly<Record<string, unknown>>;

const LONGEST = 10_000;
const MOST_NODES = 2000;
/** The database's time grows with the cube of the depth: 200 take it half a second, 800 take ten. */
const DEEPEST = 200;
const LONGEST_TEXT = 200;
const MOST_REPLACING = 6;

/**
 * Whether an expression is harmless: columns of the file, constants, arithmetic, comparisons, CASE, casts and functions of
 * a list, and nothing else. It is parsed, not run. out: the columns that it is about
 * @throws INVALID_OPTION, UNKNOWN_COLUMN
 */
export async function checkExpression(path: string, given: Expression, known: readonly string[]): Promise<string[]> {
  const { name, expression } = given;
  const shown = `${name}=${expression}`;
  if (expression.length > LONGEST) throw badExpression(`${name}=…`, `it has more than ${LONGEST} characters`);
  const select = await parseSelect(sqlOf(expression));
  if (typeof select === "string") {
    throw badExpression(shown, `DuckDB says: ${select}${await hintAtQuotes(expression, known)}`);
  }
  const walk = new Walk(path, shown, known);
  walk.visit(select);
  return [...walk.columns];
}

/** Names of columns that are words of SQL, or none, and stand in an expression as they are. */
async function hintAtQuotes(expression: string, known: readonly string[]): Promise<string> {
  const bare = expression.replace(/"[^"]*"|'[^']*'/g, " ");
  for (const name of known) {
    if (name !== "" && bare.includes(name) && typeof (await parseSelect(sqlOf(name))) === "string")
      return `; write the column ${name} in double quotes`;
  }
  return "";
}

/** The expression as SQL, on lines of its own, so that a comment at its end ends there. */
export function sqlOf(expression: string): string {
  return `((${expression}\n))`;
}

/** Whether an expression holds a name, in any case, with neither letters nor digits next to it. */
export function holdsWord(expression: string, name: string): boolean {
  const [text, word] = [expression.toLowerCase(), name.toLowerCase()];
  if (word === "") return false;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + word.length))) return true;
  }
  return false;
}

/** What is wrong with columns whose names are one name to SQL. */
export function alikeInSql(names: readonly string[]): string {
  return `SQL does not tell the columns ${names.map((name) => JSON.stringify(name)).join(" and ")} apart; rename one`;
}

class Walk {
  readonly columns: Set<string> = new Set();
  readonly #path: string;
  readonly #shown: string;
  readonly #known: readonly string[];
  readonly #lower: ReadonlyMap<string, readonly string[]>;
  #nodes = 0;
  #replacing = 0;

  constructor(path: string, shown: string, known: readonly string[]) {
    this.#path = path;
    this.#shown = shown;
    this.#known = known;
    this.#lower = Map.groupBy(known, (name) => name.toLowerCase());
  }

  visit(node: Node, depth = 0): void {
    if (depth > DEEPEST) throw this.#refusal(`its parts lie more than ${DEEPEST} deep in each other`);
    if (++this.#nodes > MOST_NODES) throw this.#refusal(`it has more than ${MOST_NODES} parts`);
    const handler = HANDLERS[String(node.class)];
    if (handler === undefined) throw this.#refusal(`it may not hold ${nameOfClass(node)}`);
    for (const child of handler(node, this)) this.visit(child, depth + 1);
  }

  column({ column_names: names }: Node): readonly Node[] {
    const [first, ...fields] = names as string[];
    const [column, ...others] = this.#lower.get(first.toLowerCase()) ?? [];
    if (others.length > 0) throw this.#refusal(alikeInSql([column, ...others]));
    if (column === undefined)
      throw unknownColumn(this.#path, [first, ...fields].join("."), this.#known, nearest(first, this.#known));
    this.columns.add(column);
    return [];
  }

  constant({ value }: Node): readonly Node[] {
    const text = (value as Node | null)?.value;
    if (typeof text === "string" && text.length > LONGEST_TEXT)
      throw this.#refusal(`a text of it has more than ${LONGEST_TEXT} characters`);
    return [];
  }

  call(node: Node): readonly Node[] {
    const name = String(node.function_name).toLowerCase();
    const qualified = (node.schema !== "" && node.schema !== "main") || node.catalog !== "";
    const orders = (node.order_bys as { orders?: unknown[] } | null)?.orders ?? [];
    if (qualified || node.filter !== null || node.distinct === true || orders.length > 0 || !FUNCTIONS.has(name)) {
      throw this.#refusal(`${name}() is not one of the functions that expressions may call`);
    }
    if (REPLACING.has(name)) this.#replace(node.children as Node[]);
    return node.children as Node[];
  }

  cast({ cast_type: type, child }: Node): readonly Node[] {
    const id = String((type as Node).id);
    if (!CAST_TYPES.has(id)) throw this.#refusal(`it may not cast to ${id}`);
    return [child as Node];
  }

  operator({ type, children }: Node): readonly Node[] {
    if (!OPERATORS.has(String(type))) throw this.#refusal(`it may not hold ${String(type)}`);
    return children as Node[];
  }

  #replace(children: readonly Node[]): void {
    if (++this.#replacing > MOST_REPLACING) throw this.#refusal(`it replaces more than ${MOST_REPLACING} times`);
    const by = (children[2]?.value as Node | undefined)?.value;
    if (children[2]?.class !== "CONSTANT" || typeof by !== "string" || by.length > 1) {
      throw this.#refusal("what it puts in place of a part must be one character at most");
    }
  }

  #refusal(problem: string): Error {
    return badExpression(this.#shown, problem);
  }
}

/** What each class of the parser's tree is checked for, and its parts. */
const HANDLERS: Readonly<Record<string, (node: Node, walk: Walk) => readonly Node[]>> = {
  COLUMN_REF: (node, walk) => walk.column(node),
  CONSTANT: (node, walk) => walk.constant(node),
  FUNCTION: (node, walk) => walk.call(node),
  CAST: (node, walk) => walk.cast(node),
  OPERATOR: (node, walk) => walk.operator(node),
  COMPARISON: (node) => [node.left as Node, node.right as Node],
  CONJUNCTION: (node) => node.children as Node[],
  BETWEEN: (node) => [node.input as Node, node.lower as Node, node.upper as Node],
  CASE: (node) => [
    ...(node.case_checks as { when_expr: Node; then_expr: Node }[]).flatMap((check) => [
      check.when_expr,
      check.then_expr,
    ]),
    node.else_expr as Node,
  ],
};

function nameOfClass(node: Node): string {
  const names: Readonly<Record<string, string>> = {
    SUBQUERY: "a subquery",
    WINDOW: "a window",
    LAMBDA: "a lambda",
    STAR: "a star",
    PARAMETER: "a parameter",
  };
  return names[String(node.class)] ?? String(node.class).toLowerCase();
}
