import type { Flag, Program, Subcommand } from "./program-description.ts";

/** For bash from 3.2 on, which macOS has. */
export function bashScript({ name, commands }: Program): string {
  const list = (words: readonly string[]) => `COMPREPLY=($(compgen -W ${quote(words.join("\n"))} -- "$current"))`;
  const values = commands.flatMap((command) =>
    command.flags.filter(({ value }) => value !== "nothing").map((flag) => valueCase(command, flag)),
  );
  return `# completion of ${name} for bash
_${name}() {
  local IFS=$'\\n'
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    ${list(commands.map((command) => command.name))}
    return
  fi
  case "$command $before" in
${values.join("\n")}
  esac
  if [[ $current == -* ]]; then
    case "$command" in
${commands.map((command) => `    ${command.name}) ${list(command.flags.flatMap(namesOf))} ;;`).join("\n")}
    esac
    return
  fi
  case "$command" in
${commands
  .filter(({ choices }) => choices.length > 0)
  .map((command) => `    ${command.name}) ${list(command.choices)} ;;`)
  .join("\n")}
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _${name} ${name}
`;
}

function valueCase({ name }: Subcommand, flag: Flag): string {
  const patterns = namesOf(flag).map((each) => quote(`${name} ${each}`));
  const answer =
    flag.value === "file"
      ? 'COMPREPLY=($(compgen -f -- "$current"))'
      : `COMPREPLY=($(compgen -W ${quote(flag.choices.join("\n"))} -- "$current"))`;
  return `    ${patterns.join("|")}) ${answer}; return ;;`;
}

export function namesOf({ short, long }: Flag): string[] {
  return short === undefined ? [long] : [short, long];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
