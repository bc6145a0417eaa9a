#!/usr/bin/env node
import { run } from "./cli/program.ts";

// It is not a failure if a reader has seen enough and closes the pipe (`emix predict …
// head`).
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2));
