import { namesOf } from "./bash.ts";
import type { Flag, Program, Subcommand } from "./program-description.ts";

export function zshScript({ name, commands }: Program): string {
  return `#compdef ${name}
# completion of ${name} for zsh
_${name}() {
  local -a commands
  commands=(
${commands.map((command) => `    ${quote(`${command.name}:${command.words}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${commands.map(commandCase).join("\n")}
  esac
}
if [[ \${funcstack[1]} == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function commandCase({ name, flags, choices }: Subcommand): string {
  const rest = choices.length === 0 ? "*:file:_files" : `*:value:(${choices.join(" ")})`;
  const specs = [...flags.flatMap(specsOf), rest].map(quote);
  return `    ${name}) _arguments ${specs.join(" \\\n      ")} ;;`;
}

function specsOf(flag: Flag): string[] {
  const words = flag.words.replace(/[[\]\\:]/g, "\\$&");
  const values = flag.choices.length > 0 ? `(${flag.choices.join(" ")})` : flag.value === "file" ? "_files" : " ";
  const value = flag.value === "nothing" ? "" : `:${flag.long.slice(2)}:${values}`;
  return namesOf(flag).map((each) => `*${each}[${words}]${value}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
