import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { expose, transfer } from "comlink";
import { fromMessage, type Message, toMessage } from "../../messages/message.ts";
import { SeenPoints } from "../../v8/garbage.ts";
import { type BackendOptions, localBackend, type Outcome, type Request } from "../backend.ts";
import type { EmStep } from "../methods/options.ts";
import { nodeEndpoint } from "./endpoint.ts";

const backend = localBackend(workerData as BackendOptions);
const seen = new SeenPoints();
const port = parentPort as MessagePort;

/** Steps of a job, which come before its outcome. */
export interface ToldSteps {
  readonly job: number;
  readonly steps: Message<readonly EmStep[]>;
}

/** What the thread of an engine can be asked. */
export interface RemoteEngine {
  /** in: job, its number, higher for later ones */
  perform(request: Message<Request>, job: number): Promise<Message<Outcome>>;
  warmUp(): void;
  collect(): void;
  ready(): Promise<Outcome>;
}

/** The thread of an engine with `offThread`: a local backend, called through Comlink. */
const exposed: RemoteEngine = {
  warmUp: backend.warmUp,
  collect: backend.collect,
  ready: backend.ready,

  async perform(message, job) {
    const request = fromMessage(message);
    if ("tiles" in request) seen.note(job, request.tiles.data.byteLength);
    // Not through Comlink: it would make a channel for each job, whose first message has Node load fetch (70 ms).
    const outcome = await backend.perform(request, (steps) => tell({ job, steps: toMessage(steps) }));
    return transfer(toMessage(outcome), buffersOf(outcome));
  },
};

function tell(told: ToldSteps): void {
  port.postMessage(told);
}

/** The arrays of an evaluation. They are handed over instead of copied; nobody else uses them. Small ones may share a buffer. */
function buffersOf(outcome: Outcome): ArrayBuffer[] {
  const arrays = outcome.ok && typeof outcome.value === "object" ? Object.values(outcome.value) : [];
  const buffers = arrays.map((array) =>
    ArrayBuffer.isView(array) && array.byteLength === array.buffer.byteLength ? array.buffer : null,
  );
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}

expose(exposed, nodeEndpoint(port));
