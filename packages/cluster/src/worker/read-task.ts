import { badJob, otherProtocol } from "../errors.ts";
import { isCount } from "../fields.ts";
import { type Address, KINDS, PROTOCOL, type Task } from "../protocol.ts";

type IsKey = (text: unknown) => text is string;

/** Where the reply to a job goes, whatever else may be wrong with it; null: nowhere. */
export function readAddress(data: unknown, isKey: IsKey): Address | null {
  if (typeof data !== "object" || data === null) return null;
  const { reply, id } = data as Partial<Record<keyof Address, unknown>>;
  return isKey(reply) && isCount(id) ? { reply, id } : null;
}

/** The task of a job, whoever added it. @throws CLUSTER_MISMATCH */
export function readTask(data: unknown, isKey: IsKey): Task {
  if (typeof data !== "object" || data === null) throw badJob("it is no object");
  const { protocol, kind, request, first, end } = data as Partial<Record<keyof Task, unknown>>;
  if (protocol !== PROTOCOL) throw otherProtocol(PROTOCOL, protocol);
  const known = KINDS.find((each) => each === kind);
  if (known === undefined) throw badJob("it asks for something unknown");
  const address = readAddress(data, isKey);
  if (!isKey(request) || address === null) throw badJob("it names keys that are not of this cluster");
  if (!isCount(first) || !isCount(end) || end <= first) throw badJob("its range is none");
  return { protocol: PROTOCOL, kind: known, request, ...address, first, end };
}
