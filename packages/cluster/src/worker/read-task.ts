import { badJob, otherProtocol } from "../errors.ts";
import { isCount } from "../fields.ts";
import { KINDS, PROTOCOL, type Task } from "../protocol.ts";

/** The task of a job, whoever added it. @throws CLUSTER_MISMATCH */
export function readTask(data: unknown, isKey: (text: unknown) => text is string): Task {
  if (typeof data !== "object" || data === null) throw badJob("it is no object");
  const { protocol, kind, request, reply, first, end } = data as Partial<Record<keyof Task, unknown>>;
  if (protocol !== PROTOCOL) throw otherProtocol(PROTOCOL, protocol);
  const known = KINDS.find((each) => each === kind);
  if (known === undefined) throw badJob("it asks for something unknown");
  if (!isKey(request) || !isKey(reply)) throw badJob("it names keys that are not of this cluster");
  if (!isCount(first) || !isCount(end) || end <= first) throw badJob("its range is none");
  return { protocol: PROTOCOL, kind: known, request, reply, first, end };
}
