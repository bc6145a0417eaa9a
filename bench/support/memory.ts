import { readFileSync, writeFileSync } from "node:fs";

/** Most memory that this process has had resident, in bytes; Linux knows it per program, elsewhere per process. */
export function peakMemory(): number {
  const status = readStatus();
  const peak = status?.match(/^VmHWM:\s+(\d+) kB/m);
  return (peak ? Number(peak[1]) : process.resourceUsage().maxRSS) * 1024;
}

/** What is resident now, garbage left out; the peak is counted from here on where the system can do that (Linux). */
export function restartPeak(): number {
  globalThis.gc?.();
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // elsewhere the peak stays that of the whole process: an upper bound
  }
  return process.memoryUsage.rss();
}

function readStatus(): string | undefined {
  try {
    return readFileSync("/proc/self/status", "utf8");
  } catch {
    return undefined;
  }
}
