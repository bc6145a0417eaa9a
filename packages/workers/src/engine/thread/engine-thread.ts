import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { expose, type ProxyMarked, type Remote, releaseProxy, transfer } from "comlink";
import { SeenPoints } from "../../garbage.ts";
import { fromMessage, type Message, toMessage } from "../../messages/message.ts";
import { type BackendOptions, localBackend, type Outcome, type Request } from "../backend.ts";
import type { Tell } from "../steps.ts";
import { nodeEndpoint } from "./endpoint.ts";

const backend = localBackend(workerData as BackendOptions);
const seen = new SeenPoints();
let jobs = 0;

/** What the thread of an engine can be asked. */
export interface RemoteEngine {
  perform(request: Message<Request>, tell: Tell): Promise<Message<Outcome>>;
  warmUp(): void;
  collect(): void;
  ready(): Promise<Outcome>;
}

/** The thread of an engine with `offThread`: a local backend, called through Comlink. */
const exposed: RemoteEngine = {
  warmUp: backend.warmUp,
  collect: backend.collect,
  ready: backend.ready,

  async perform(message, tell) {
    const request = fromMessage(message);
    if ("tiles" in request) seen.note(jobs++, request.tiles.data.byteLength);
    const outcome = await backend.perform(request, tell);
    // Each call brings a port of its own, which is closed with the call.
    (tell as Remote<Tell & ProxyMarked>)[releaseProxy]();
    return transfer(toMessage(outcome), buffersOf(outcome));
  },
};

/** The arrays of an evaluation. They are handed over instead of copied; nobody else uses them. Small ones may share a buffer. */
function buffersOf(outcome: Outcome): ArrayBuffer[] {
  const arrays = outcome.ok && typeof outcome.value === "object" ? Object.values(outcome.value) : [];
  const buffers = arrays.map((array) =>
    ArrayBuffer.isView(array) && array.byteLength === array.buffer.byteLength ? array.buffer : null,
  );
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}

expose(exposed, nodeEndpoint(parentPort as MessagePort));
