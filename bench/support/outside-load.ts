import os from "node:os";

/** Cores that others kept busy; above this, times of ours are disturbed. */
export const DISTURBING = 0.15;

/**
 * How much others keep the machine busy, to be told beside times.
 * in: childrenSeconds, CPU seconds that child processes of ours have used so far
 * out: asks for the mean number of cores since
 */
export function watchOutsideLoad(childrenSeconds: () => number = () => 0): () => number {
  const others = () => busySeconds() - ownSeconds() - childrenSeconds();
  const before = others();
  const began = performance.now();
  return () => Math.max(0, (others() - before) / ((performance.now() - began) / 1000));
}

export function describeOutsideLoad(cores: number): string {
  const judgement = cores < DISTURBING ? "" : ": times are disturbed";
  return `Outside load while measuring: ${cores.toFixed(2)} cores${judgement}.`;
}

function busySeconds(): number {
  return os.cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
