import { Argument, Command } from "commander";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { describeProgram, type Program } from "./program-description.ts";
import { zshScript } from "./zsh.ts";

const SCRIPTS: Readonly<Record<string, (program: Program) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

const HELP = `
To use it:
  bash  emix completion bash > ~/.local/share/bash-completion/completions/emix
  zsh   emix completion zsh > "\${fpath[1]}/_emix"
  fish  emix completion fish > ~/.config/fish/completions/emix.fish
`;

/** in: program, the command that all others belong to */
export function completionCommand(program: Command): Command {
  return new Command("completion")
    .description("Prints a script that lets a shell complete commands, flags, their choices and the names of files.")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(SCRIPTS)))
    .addHelpText("after", HELP)
    .action((shell: string) => {
      process.stdout.write(SCRIPTS[shell](describeProgram(program)));
    });
}
