#!/usr/bin/env node
import { run } from "./cli/program.ts";

// A reader that has seen enough (`emix predict … | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`emix: Could not write standard output: ${error.message}. [BAD_FILE]\n`);
  process.exit(1);
});

// Nobody reads the progress: the work goes on.
process.stderr.on("error", () => {});

process.exitCode = await run(process.argv.slice(2));
