import { type Node, parseSync, visitorKeys } from "oxc-parser";

/** A change of one place: source[start, end) becomes `text`. */
export interface Mutation {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly statement: boolean;
  /** the constant of a module in whose value it lies, which is computed once */
  readonly constant: Constant | null;
}

/** `const name = …` of a module. */
interface Constant {
  readonly name: string;
  /** where `const` stands */
  readonly keyword: number;
  /** the value, from start to end */
  readonly start: number;
  readonly end: number;
}

export interface Mutable {
  readonly mutations: readonly Mutation[];
  /** start and end of the bodies of loops */
  readonly loops: readonly (readonly [number, number])[];
}

/** The mutations of a file, outer ones before those within. */
export function mutableOf(file: string, source: string): Mutable {
  const mutations: Mutation[] = [];
  const loops: [number, number][] = [];
  for (const statement of parseSync(file, source).program.body) {
    const declared = ("declaration" in statement && statement.declaration) || statement;
    if (declared.type !== "VariableDeclaration") visit(statement as Node, null, null);
    else {
      for (const { id, init } of declared.declarations) {
        if (id.type !== "Identifier" || init === null) continue;
        visit(init, null, { name: id.name, keyword: declared.start, start: init.start, end: init.end });
      }
    }
  }
  return { mutations, loops };

  function visit(node: Node, parent: Node | null, constant: Constant | null): void {
    if (NO_VALUES.test(node.type)) return;
    for (const { place, text, statement = false } of replacementsOf(node, parent, source)) {
      mutations.push({ start: place.start, end: place.end, text, statement, constant });
    }
    if (LOOPS.test(node.type) && "body" in node) loops.push([(node.body as Node).start, (node.body as Node).end]);
    // What is called while the constant is computed belongs to its value; other functions run later.
    const later = FUNCTIONS.test(node.type) && parent?.type !== "CallExpression";
    for (const child of valuesOf(node)) visit(child, node, later ? null : constant);
  }
}

const NO_VALUES = /^(TS(?!As|Satisfies|NonNull)|Import|ExportAll)/;
const LOOPS = /^(For|While|DoWhile)/;
const FUNCTIONS = /Function/;

/** The nodes within a node, but for names of properties. */
function valuesOf(node: Node): Node[] {
  const named = (node.type === "Property" && !node.computed && "key") || (isNamed(node) && "property");
  return (visitorKeys[node.type] ?? [])
    .filter((key) => key !== named)
    .flatMap((key) => (node as unknown as Record<string, Node | (Node | null)[] | null>)[key] ?? [])
    .filter((child) => child !== null);
}

function isNamed(node: Node): boolean {
  return node.type === "MemberExpression" && !node.computed;
}

interface Replacement {
  readonly place: Node;
  readonly text: string;
  readonly statement?: boolean;
}

const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "**": ["*"],
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
  "&": ["|"],
  ">>>": ["<<"],
  "+=": ["-="],
  "-=": ["+="],
  "*=": ["/="],
  "/=": ["*="],
};

/** What a node may become. */
function replacementsOf(node: Node, parent: Node | null, source: string): Replacement[] {
  const textOf = ({ start, end }: Node) => source.slice(start, end);
  const instead = (place: Node, ...texts: string[]) => texts.map((text) => ({ place, text }));
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
    case "AssignmentExpression": {
      const { left, operator, right } = node;
      if (isText(left) || isText(right)) return [];
      const [a, b] = [node.type === "AssignmentExpression" ? textOf(left) : `(${textOf(left)})`, `(${textOf(right)})`];
      return instead(node, ...(OPERATORS[operator] ?? []).map((other) => `${a} ${other} ${b}`));
    }
    case "IfStatement":
    case "ConditionalExpression":
      return instead(node.test, "true", "false");
    case "WhileStatement":
      return instead(node.test, "false");
    case "ForStatement":
      return node.test === null ? [] : instead(node.test, "false");
    case "UnaryExpression":
      return /[-!]/.test(node.operator) ? instead(node, textOf(node.argument)) : [];
    case "UpdateExpression":
      return instead(node, textOf(node).replace(node.operator, node.operator === "++" ? "--" : "++"));
    case "Literal":
      return parent?.type === "UnaryExpression" ? [] : instead(node, ...literalsFor(node.value));
    case "CallExpression":
      return instead(node, ...callsFor(node, textOf));
    case "MemberExpression":
      return instead(node, ...(MEMBERS[textOf(node)] ?? []));
    case "ReturnStatement":
      return node.argument === null ? [{ place: node, text: "", statement: true }] : [];
    case "ExpressionStatement":
    case "ThrowStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return [{ place: node, text: "", statement: true }];
    default:
      return [];
  }
}

function isText(node: Node): boolean {
  return node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node.value === "string");
}

function literalsFor(value: unknown): string[] {
  if (typeof value === "boolean") return [`${!value}`];
  if (typeof value !== "number") return [];
  return [value === 0 ? "1" : value === 1 ? "0" : `(-${value})`];
}

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  "Math.max": ["Math.min"],
  "Math.min": ["Math.max"],
  "Math.floor": ["Math.ceil"],
  "Math.ceil": ["Math.floor"],
  "Math.abs": ["Number"],
};

const LEFT_OUT = /^(slice|filter|sort)$/;
const SWAPPED: Readonly<Record<string, string>> = { some: "every", every: "some" };

function callsFor({ callee, end }: Node & { type: "CallExpression" }, textOf: (node: Node) => string): string[] {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return [];
  const [object, { name }] = [callee.object, callee.property];
  if (LEFT_OUT.test(name)) return [textOf(object)];
  if (!(name in SWAPPED)) return [];
  const rest = textOf({ ...callee, start: callee.end, end });
  return [`${textOf(object)}.${SWAPPED[name]}${rest}`];
}
