import { existsSync } from "node:fs";
import { EmixError, nearestName } from "@emix/core";
import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import { clusterCommand } from "./cluster/status.ts";
import { workerCommand } from "./cluster/worker.ts";
import { withConfig, withConfigFlag } from "./config.ts";
import { convertCommand } from "./convert.ts";
import { bootstrapCommand } from "./fitting/bootstrap.ts";
import { fitCommand } from "./fitting/fit.ts";
import { planCommand } from "./fitting/plan.ts";
import { selectCommand } from "./fitting/select.ts";
import { inFlags } from "./flags.ts";
import { loadCommand } from "./load.ts";
import { refuseInputs } from "./outputs/output.ts";
import { inspectCommand } from "./page/inspect.ts";
import { reportCommand } from "./page/report-page.ts";
import { predictCommand } from "./rows/predict.ts";
import { sampleCommand } from "./rows/sample.ts";
import { scoreCommand } from "./rows/score.ts";
import { completionCommand } from "./shells/completion.ts";

/** In the order of the help. */
const COMMANDS: Readonly<Record<string, (program: Command) => Command>> = {
  fit: fitCommand,
  select: selectCommand,
  plan: planCommand,
  load: loadCommand,
  predict: predictCommand,
  score: scoreCommand,
  bootstrap: bootstrapCommand,
  report: reportCommand,
  inspect: inspectCommand,
  sample: sampleCommand,
  convert: convertCommand,
  worker: workerCommand,
  cluster: clusterCommand,
  completion: completionCommand,
};

/** It speaks of the others, and takes no flags from a file. */
const COMPLETION = "completion";

/** Exit codes: 0 success, 1 failure, 2 wrong usage, 130 stopped by Ctrl-C. */
const FAILURE = 1;
const USAGE = 2;
const INTERRUPTED = 130;

/** Mistakes that a caller made before any data was read. */
const USAGE_CODES: ReadonlySet<string> = new Set(["INVALID_OPTION", "UNKNOWN_OPTION", "UNKNOWN_FORMAT"]);

/** Runs the command line. It never throws and never prints a stack trace. out: the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const program = new Command("emix")
    .description("Fits Gaussian mixture models on all the cores of this machine.")
    .version(version(), "-V, --version")
    .configureOutput({ outputError: (text, write) => write(`emix: ${inOurWords(text, program.commands)}`) })
    .showHelpAfterError("Run `emix --help` or `emix <command> --help` to see the usage.")
    .exitOverride()
    .hook("preAction", (_, command) => keepConfig(command.opts()));
  for (const name of namesFor(args)) {
    const command = COMMANDS[name](program).copyInheritedSettings(program);
    program.addCommand(name === COMPLETION ? command : withConfigFlag(command));
  }
  try {
    await program.parseAsync(await expandArguments(program, args), { from: "user" });
    return 0;
  } catch (error) {
    return exitCodeOf(error);
  }
}

interface FilesWritten {
  readonly config?: string;
  readonly output?: string | readonly string[];
  readonly checkpoint?: string;
  readonly png?: string;
}

/** The file that flags came from is an input, whatever the command reads. @throws INVALID_OPTION */
async function keepConfig({ config, output, checkpoint, png }: FilesWritten): Promise<void> {
  const written = [output, checkpoint, png].flat().filter((path) => path !== undefined);
  if (config !== undefined) await refuseInputs(written, [config]);
}

/** A message of commander as the command says it, with what was probably meant. in: commands, those that there are */
function inOurWords(text: string, commands: readonly Command[]): string {
  const message = text.replace(/^error: /, "");
  const flag = /^unknown option '--([^']*)'/.exec(message)?.[1];
  if (flag !== undefined) return `unknown option '--${flag}'\n${hintAtFlag(flag, commands)}`;
  return message + hintAtFiles(message);
}

function hintAtFlag(flag: string, commands: readonly Command[]): string {
  const flags = commands.flatMap(({ options }) => options.flatMap(({ long }) => long?.slice(2) ?? []));
  const meant = nearestName(flag, [...flags, "help", "version"]);
  return meant === undefined ? "" : `(Did you mean --${meant}?)\n`;
}

/** A shell makes many arguments of a pattern without quotes. */
function hintAtFiles(message: string): string {
  const given = /^too many arguments for '.*got \d+: (.*)\.\s*$/.exec(message)?.[1].split(", ") ?? [];
  if (given.length === 0 || !given.every((path) => existsSync(path))) return "";
  return "Several files with the same columns are one argument, a pattern in quotes: 'data/*.csv'.\n";
}

/** The command that is asked for, since each takes a millisecond to make; all of them where that is not clear. */
function namesFor([name = ""]: readonly string[]): readonly string[] {
  return Object.hasOwn(COMMANDS, name) && name !== COMPLETION ? [name] : Object.keys(COMMANDS);
}

/** The arguments, with those of a config file. */
async function expandArguments(program: Command, args: readonly string[]): Promise<string[]> {
  const [name, ...rest] = args;
  const command = program.commands.find((each) => each.name() === name);
  return command === undefined ? [...args] : [name, ...(await withConfig(command, rest))];
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  const code = error instanceof EmixError ? error.code : "INTERNAL";
  if (code === "ABORTED") {
    process.stderr.write("emix: stopped\n");
    return INTERRUPTED;
  }
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split("\n")[0];
  // A message about a model names the fields of its file.
  process.stderr.write(`emix: ${code === "BAD_MODEL_FILE" ? line : inFlags(line)} [${code}]\n`);
  return USAGE_CODES.has(code) ? USAGE : FAILURE;
}
