import { readFile } from "node:fs/promises";
import type { Command, Option } from "commander";
import { configNotRead, configValue, notConfig, unknownInConfig } from "./errors.ts";

// A config file holds flags by their names without dashes: { "components": 8, "column": ["x", "y"], "quiet": true }.

const FLAG = "--config";

export function withConfigFlag(command: Command): Command {
  return command.option(
    `${FLAG} <file>`,
    "take flags from a JSON file, by their names without dashes; those of the command line come first",
  );
}

/** The arguments with those of the config file that they name put in front, but for flags that they have themselves. */
export async function withConfig(command: Command, args: readonly string[]): Promise<string[]> {
  const path = configPath(args);
  if (path === undefined) return [...args];
  const entries = Object.entries(await readConfig(path));
  const words = entries.flatMap(([name, value]) => {
    const option = optionNamed(command, name, path);
    return isGiven(option, args) ? [] : wordsOf(command, option, value, path);
  });
  return [...words, ...args];
}

function configPath(args: readonly string[]): string | undefined {
  const own = flagsOf(args);
  const at = own.findIndex((arg) => arg === FLAG || arg.startsWith(`${FLAG}=`));
  if (at < 0) return undefined;
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
