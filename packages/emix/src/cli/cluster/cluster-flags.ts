import { type Command, Option } from "commander";

/** Flags of a command that may work on several machines. */
export interface ClusterFlags {
  readonly cluster?: string;
  readonly prefix?: string;
}

/** in: conflicts, options that hold for one machine alone */
export function withClusterFlags(command: Command, conflicts: string[]): Command {
  return command
    .addOption(
      new Option(
        "--cluster <url>",
        "use the machines whose `emix worker` listens to this Redis; each reads the file below its --root",
      ).conflicts(conflicts),
    )
    .option("--prefix <name>", "with --cluster: prefix of the cluster's keys in Redis (default: emix)")
    .hook("preAction", (_, own) => {
      const { cluster, prefix } = own.opts<ClusterFlags>();
      if (prefix !== undefined && cluster === undefined) own.error("error: --prefix goes with --cluster");
    });
}
