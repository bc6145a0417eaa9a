import type { MessagePort, Worker } from "node:worker_threads";
import type { Endpoint } from "comlink";

/** Makes a port of Node look like a web worker to Comlink: Node's ports emit the bare data instead of an event. */
export function nodeEndpoint(port: MessagePort | Worker): Endpoint {
  const wrappers = new WeakMap<object, (data: unknown) => void>();
  return {
    postMessage: (message, transfer = []) => port.postMessage(message, transfer as never[]),
    addEventListener(_type, listener) {
      const wrapper = (data: unknown) => {
        const event = { data } as MessageEvent;
        if (typeof listener === "function") listener(event);
        else listener.handleEvent(event);
      };
      wrappers.set(listener, wrapper);
      port.on("message", wrapper);
    },
    removeEventListener(_type, listener) {
      const wrapper = wrappers.get(listener);
      if (wrapper !== undefined) port.off("message", wrapper);
    },
    start: () => {
      if ("start" in port) port.start();
    },
  };
}
