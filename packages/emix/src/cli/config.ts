import { readFile } from "node:fs/promises";
import type { Command, Option } from "commander";
import { configNotRead, configTwice, configValue, notConfig, unknownInConfig } from "./errors.ts";

// A config file holds flags by their names without dashes: { "components": 8, "column": ["x", "y"], "quiet": true }.

const FLAG = "--config";

export function withConfigFlag(command: Command): Command {
  return command.option(
    `${FLAG} <file>`,
    "take flags from a JSON file, by their names without dashes; flags on the command line take precedence",
  );
}

/** The arguments with those of the config file that they name put in front, but for flags that they have themselves. */
export async function withConfig(command: Command, args: readonly string[]): Promise<string[]> {
  const path = configPath(args);
  if (path === undefined) return [...args];
  const entries = Object.entries(await readConfig(path));
  const words = entries.flatMap(([name, value]) => {
    const option = optionNamed(command, name, path);
    const overruled = command.options.some(
      (each) => (each === option || excludes(each, option)) && isGiven(each, args),
    );
    return overruled ? [] : wordsOf(command, option, value, path);
  });
  return [...words, ...args];
}

/** @throws INVALID_OPTION */
function configPath(args: readonly string[]): string | undefined {
  const own = flagsOf(args);
  const isFlag = (arg: string) => arg === FLAG || arg.startsWith(`${FLAG}=`);
  const at = own.findIndex(isFlag);
  if (at < 0) return undefined;
  if (own.findLastIndex(isFlag) > at) throw configTwice();
  return own[at] === FLAG ? own[at + 1] : own[at].slice(FLAG.length + 1);
}

/** What stands before `--`. */
function flagsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end < 0 ? args : args.slice(0, end);
}

/** @throws FILE_NOT_FOUND, BAD_FILE */
async function readConfig(path: string): Promise<object> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw configNotRead(path, error);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw notConfig(path, error instanceof Error ? error.message : String(error));
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw notConfig(path, "it is no object");
  return json;
}

/** @throws UNKNOWN_OPTION */
function optionNamed(command: Command, name: string, path: string): Option {
  const options = command.options.filter(({ long }) => long !== FLAG);
  const found = options.find(({ long }) => long === `--${name}`);
  if (found === undefined) {
    const known = options.flatMap(({ long }) => (long ? [long.slice(2)] : [])).toSorted();
    throw unknownInConfig(name, path, known);
  }
  return found;
}

/** Whether two flags cannot be used together. */
function excludes(one: Option, other: Option): boolean {
  const names = ({ conflictsWith }: Conflicts) => conflictsWith;
  return (
    names(one as Conflicts).includes(other.attributeName()) || names(other as Conflicts).includes(one.attributeName())
  );
}

/** A field of commander's that its types leave out. */
type Conflicts = Option & { readonly conflictsWith: readonly string[] };

function isGiven({ long, short }: Option, args: readonly string[]): boolean {
  const name = long?.replace(/^--no-/, "--");
  return flagsOf(args).some((arg) => {
    if (arg.startsWith("--")) return [name, name?.replace("--", "--no-")].includes(arg.split("=")[0]);
    return short !== undefined && arg.startsWith(short);
  });
}

/** in: value, as JSON has it. out: arguments of the command line. @throws INVALID_OPTION */
function wordsOf(command: Command, { long = "", required, optional }: Option, value: unknown, path: string): string[] {
  if (!required && !optional) {
    if (typeof value !== "boolean") throw configValue(long, "true or false", value, path);
    const negated = `--no-${long.slice(2)}`;
    if (value) return [long];
    return command.options.some((each) => each.long === negated) ? [negated] : [];
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map((each) => {
    if (typeof each !== "string" && typeof each !== "number") {
      throw configValue(long, "text or a number, or an array of them", each, path);
    }
    return `${long}=${each}`;
  });
}
