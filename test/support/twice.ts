import type { Executor } from "@emix/core";

/** An executor that does every block of every pass twice, as if a thread had died after each. */
export function twice(executor: Executor): Executor {
  return {
    ...executor,
    over: (tiles) => twice(executor.over(tiles)),
    run: async (pass, consume) => {
      await executor.run(pass, () => undefined);
      return executor.run(pass, consume);
    },
  };
}
