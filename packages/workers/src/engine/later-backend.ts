import { type EmixError, toPlainError } from "@emix/core";
import type { Backend, Outcome } from "./backend.ts";

/**
 * A backend whose code is imported once there is an engine: a program that only imports the package goes without.
 * in: opening, begins at once; what it rejects with is the answer to every call
 */
export function laterBackend(opening: Promise<Backend>): Backend {
  let opened: Backend | undefined;
  let closed = false;
  const backend = opening.then((made) => {
    opened = made;
    return made;
  });
  const answer = (call: (backend: Backend) => Promise<Outcome>): Promise<Outcome> =>
    backend.then(call, (error: EmixError) => ({ ok: false, error: toPlainError(error) }));

  return {
    perform: (request, tell) => answer((made) => made.perform(request, tell)),
    ready: () => answer((made) => made.ready()),

    warmUp() {
      backend.then((made) => made.warmUp()).catch(() => {});
    },

    collect() {
      opened?.collect();
    },

    get usable() {
      return !closed && (opened?.usable ?? true);
    },

    async close() {
      closed = true;
      await backend.then((made) => made.close()).catch(() => {});
    },
  };
}
