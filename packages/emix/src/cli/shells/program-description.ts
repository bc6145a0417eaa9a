import { FIT_OPTIONS, type OptionRow, PRIOR_OPTIONS } from "@emix/core";
import { FILE_OPTIONS } from "@emix/io";
import type { Command, Option } from "commander";

// What a shell has to know of the command line: the same objects that read it are asked.

export interface Program {
  readonly name: string;
  readonly commands: readonly Subcommand[];
}

export interface Subcommand {
  readonly name: string;
  readonly words: string;
  readonly flags: readonly Flag[];
  /** the choices of its first argument; none if that is a file */
  readonly choices: readonly string[];
}

export interface Flag {
  /** -k */
  readonly short: string | undefined;
  /** --components */
  readonly long: string;
  readonly words: string;
  /** what follows the flag */
  readonly value: "nothing" | "file" | "text";
  /** values to choose from; none where any is allowed */
  readonly choices: readonly string[];
}

export function describeProgram(program: Command): Program {
  return { name: program.name(), commands: program.commands.map(describeCommand) };
}

function describeCommand(command: Command): Subcommand {
  const help = { short: "-h", long: "--help", words: "display help", value: "nothing", choices: [] } as const;
  return {
    name: command.name(),
    words: firstSentence(command.description()),
    flags: [...command.options.map(describeFlag), help],
    choices: command.registeredArguments[0]?.argChoices ?? [],
  };
}

function describeFlag(option: Option): Flag {
  const { short, long = "", description, flags, required, optional } = option;
  const isFile = /<(file|model)>/.test(flags);
  return {
    short,
    long,
    words: firstSentence(description),
    value: !(required || optional) ? "nothing" : isFile ? "file" : "text",
    choices: option.argChoices ?? CHOICES.get(long) ?? [],
  };
}

/** Choices that the tables of options check themselves, by the flag. */
const CHOICES: ReadonlyMap<string, readonly string[]> = new Map(
  [FIT_OPTIONS, PRIOR_OPTIONS, FILE_OPTIONS]
    .flatMap((table): OptionRow[] => Object.values(table))
    .flatMap(({ choices, flags = [] }) =>
      choices === undefined ? [] : flags.map(({ name }): [string, readonly string[]] => [longName(name), choices]),
    ),
);

function longName(flag: string): string {
  return /--[\w-]+/.exec(flag)?.[0] ?? flag;
}

function firstSentence(text: string): string {
  return text.split(/[.;(:\n]/)[0].trim();
}
