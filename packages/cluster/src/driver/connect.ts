import type { KernelSettings } from "@emix/core";
import { Team } from "@emix/workers";
import { Broker } from "../redis/broker.ts";
import { type CreateClusterOptions, resolveClusterOptions } from "./options.ts";

/** What a cluster works with. */
export interface ClusterParts {
  readonly broker: Broker;
  /** threads of this process, for samples of the points */
  readonly team: Team;
  /** for how many seconds there may be no worker */
  readonly patience: number;
  readonly settings: KernelSettings;
}

/** @throws UNKNOWN_OPTION, INVALID_OPTION, CLUSTER_REDIS */
export async function connect(options: CreateClusterOptions): Promise<ClusterParts> {
  const { connection, patience, setting } = resolveClusterOptions(options);
  const broker = await Broker.open(connection);
  const { kernel, strict } = setting;
  return { broker, team: new Team(setting), patience, settings: { kernel, strict } };
}
