const BENCHES: Readonly<Record<string, { readonly does: string; readonly main: () => Promise<{ main: Main }> }>> = {
  scaling: { does: "time of an EM step over numbers of threads", main: () => import("./scaling.ts") },
  fit: { does: "whole fits: time, peak memory, iterations, log-likelihood", main: () => import("./fit.ts") },
  kernels: { does: "GFLOP/s of E+M of every kernel, against the machine's peak", main: () => import("./kernels.ts") },
  "first-step": { does: "the first step of a new process against a warm one", main: () => import("./first-step.ts") },
  prune: { does: "an EM step with lists of pairs beside one without", main: () => import("./prune.ts") },
  "huge-k": { does: "EM steps with thousands of components", main: () => import("./huge-k.ts") },
  digits: { does: "what an EM step gives up for its digits", main: () => import("./digits.ts") },
  latency: { does: "delays of the host, of an abort, and of a small fit", main: () => import("./latency.ts") },
  io: {
    does: "files into shared memory: MB/s, peak memory, longest block of the event loop",
    main: () => import("./io.ts"),
  },
  storage: {
    does: "a fit of four times the memory limit in a file beside one in memory",
    main: () => import("./storage.ts"),
  },
  whole: { does: "every phase of a fit beside its EM step", main: () => import("./whole.ts") },
  acceleration: {
    does: "passes and seconds of plain EM and of L-BFGS to the same bound",
    main: () => import("./acceleration.ts"),
  },
  ends: { does: "from the same start to the same end: by default, plain EM, oneDAL", main: () => import("./ends.ts") },
  job: { does: "from a file to a model, beside oneDAL and scikit-learn", main: () => import("./job.ts") },
  coverage: {
    does: "how often intervals of parameters hold the truth",
    main: () => import("./coverage.ts"),
  },
  cluster: { does: "an EM step on a cluster beside one on this machine", main: () => import("./cluster.ts") },
  search: {
    does: "how often fits end in the best known optimum, beside scikit-learn",
    main: () => import("./search.ts"),
  },
  peers: { does: "an EM step of emix, oneDAL and scikit-learn, side by side", main: () => import("./peers.ts") },
};

type Main = (args: readonly string[]) => Promise<void>;

const [name, ...args] = process.argv.slice(2);
const bench = name === undefined ? undefined : BENCHES[name];
if (bench === undefined) {
  console.log("pnpm bench <name> [flags]      flags: bench/README.md\n");
  for (const [known, { does }] of Object.entries(BENCHES)) console.log(`  ${known.padEnd(12)}${does}`);
  if (name !== undefined) process.exitCode = 2;
} else {
  try {
    const { main } = await bench.main();
    await main(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
