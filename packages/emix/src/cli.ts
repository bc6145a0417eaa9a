#!/usr/bin/env node
import * as modules from "node:module";

// Node keeps the compiled code of what is imported from here on, if it finds a folder for it, and says nothing if not. Deno has no such cache.
modules.enableCompileCache?.();
const { run } = await import("./cli/program.ts");

// It is not a failure if a reader has seen enough and closes the pipe (`emix predict …
// head`).
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`emix: Could not write standard output: ${error.message}. [BAD_FILE]\n`);
  process.exit(1);
});

// Nobody reads the progress: the work goes on.
process.stderr.on("error", () => {});

process.exitCode = await run(process.argv.slice(2));
