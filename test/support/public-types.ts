import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Comment, type Node, type Program, parseSync } from "oxc-parser";

// The types that a package's door names in its signatures, read from the sources.

interface Module {
  readonly path: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  readonly text: string;
}

/** A declaration, by the file that holds it. */
interface Declared {
  readonly module: Module;
  readonly name: string;
  readonly node: Node;
}

const packages = new URL("../../packages/", import.meta.url).pathname;
const modules = new Map<string, Module>();

function moduleAt(path: string): Module {
  const known = modules.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(path, "utf8");
  const { program, comments } = parseSync(path, text);
  const parsed = { path, program, comments, text };
  modules.set(path, parsed);
  return parsed;
}

function pathOf(from: Module, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return join(dirname(from.path), specifier);
  const name = /^@emix\/(\w+)$/.exec(specifier)?.[1];
  return name === undefined ? undefined : join(packages, name, "src/index.ts");
}

/** What a module exports, or else declares or imports, by this name; undefined: a global, a type parameter, a library's. */
function resolve(module: Module, name: string): Declared | undefined {
  for (const statement of module.program.body) {
    if (statement.type === "ImportDeclaration") {
      const found = statement.specifiers.find(({ local }) => local.name === name);
      if (found?.type === "ImportSpecifier") return follow(module, statement.source.value, nameOf(found.imported));
      continue;
    }
    if (statement.type !== "ExportNamedDeclaration") {
      if (declaredName(statement) === name) return { module, name, node: statement };
      continue;
    }
    const { declaration, source, specifiers } = statement;
    if (declaration && declaredName(declaration) === name) return { module, name, node: declaration };
    const found = specifiers.find(({ exported }) => nameOf(exported) === name);
    if (found && source) return follow(module, source.value, nameOf(found.local));
  }
  return undefined;
}

function follow(from: Module, specifier: string, name: string): Declared | undefined {
  const path = pathOf(from, specifier);
  return path === undefined ? undefined : resolve(moduleAt(path), name);
}

function nameOf(node: { readonly type: string; readonly name?: string; readonly value?: unknown }): string {
  return String(node.name ?? node.value);
}

function declaredName(node: Node): string | undefined {
  return "id" in node && node.id !== null && typeof node.id === "object" && "name" in node.id
    ? String(node.id.name)
    : undefined;
}

/** Named types of a declaration as a caller sees it: no bodies, no private or internal members. A base class counts too. */
function* typesIn({ module, node }: Declared): Generator<Declared> {
  for (const child of visibleNodes(module, node)) {
    if (child.type === "TSTypeReference" && child.typeName.type === "Identifier") {
      const found = resolve(module, child.typeName.name);
      if (found) yield found;
    }
    const bases = child.type === "TSInterfaceHeritage" ? [child.expression] : [];
    for (const base of bases) {
      const found = base.type === "Identifier" ? resolve(module, base.name) : undefined;
      if (found) yield found;
    }
    if (child.type === "ClassDeclaration" && child.superClass?.type === "Identifier") {
      const parent = resolve(module, child.superClass.name);
      if (parent) yield* typesIn(parent);
    }
  }
}

function* visibleNodes(module: Module, node: Node): Generator<Node> {
  if (node.type === "BlockStatement" || isHidden(module, node)) return;
  yield node;
  for (const [key, value] of Object.entries(node)) {
    if (node.type === "PropertyDefinition" && key === "value") continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === "object" && "type" in child) yield* visibleNodes(module, child as Node);
    }
  }
}

function isHidden({ comments, text }: Module, node: Node): boolean {
  if ("key" in node && node.key?.type === "PrivateIdentifier") return true;
  const before = comments.findLast(({ end }) => end <= node.start);
  return before?.value.includes("@internal") === true && text.slice(before.end, node.start).trim() === "";
}

/** Types in the signatures of a package's exports that it does not export. out: "export → type" */
export function hiddenTypes(packageName: string): string[] {
  const door = moduleAt(join(packages, packageName, "src/index.ts"));
  const exported = exportsOf(door);
  const known = new Set(exported.map(({ node }) => node));
  return exported.flatMap((declared) =>
    [...typesIn(declared)].filter(({ node }) => !known.has(node)).map(({ name }) => `${declared.name} → ${name}`),
  );
}

function exportsOf(door: Module): Declared[] {
  return door.program.body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration") return [];
    return statement.specifiers.flatMap(({ exported }) => resolve(door, nameOf(exported)) ?? []);
  });
}
