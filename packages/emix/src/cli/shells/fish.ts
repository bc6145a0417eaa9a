import type { Flag, Program, Subcommand } from "./program-description.ts";

export function fishScript({ name, commands }: Program): string {
  const lines = commands.flatMap((command) => [
    `complete -c ${name} -f -n __fish_use_subcommand -a ${command.name} -d ${quote(command.words)}`,
    ...linesOf(name, command),
  ]);
  return `# completion of ${name} for fish\n${lines.join("\n")}\n`;
}

function linesOf(program: string, { name, flags, choices }: Subcommand): string[] {
  const start = `complete -c ${program} -n ${quote(`__fish_seen_subcommand_from ${name}`)}`;
  const values = choices.length === 0 ? [] : [`${start} -f -a ${quote(choices.join(" "))}`];
  return [...values, ...flags.map((flag) => `${start} ${flagWords(flag)}`)];
}

function flagWords({ short, long, words, value, choices }: Flag): string {
  const name = `${short === undefined ? "" : `-s ${short.slice(1)} `}-l ${long.slice(2)}`;
  const takes = value === "nothing" ? "" : value === "file" ? " -r -F" : " -x";
  const list = choices.length === 0 ? "" : ` -a ${quote(choices.join(" "))}`;
  return `${name}${takes}${list} -d ${quote(words)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
