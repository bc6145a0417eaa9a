import { fstatSync } from "node:fs";
import { mkdir, mkdtemp, open, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { EmixError } from "@emix/core";
import { filesFor } from "@emix/io";
import { onDisk, partBeside, replaceFile } from "@emix/workers";
import { outputIsFolder, outputIsInput, outputNotWritten, outputTwice } from "../errors.ts";
import { removeOnInterrupt } from "./interrupts.ts";

/** A file that will be written when the work is done. */
export interface Output {
  /** as the command line has it; "-" for standard output */
  readonly path: string;
  /** Writes it as a whole, or leaves what was there. @throws BAD_FILE, naming the file that holds the bytes instead */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * The same for what comes a part at a time. in: make, writes it to the path that it is given
   * @throws BAD_FILE, and what `make` throws
   */
  stream(make: (path: string) => Promise<void>): Promise<void>;
}

/**
 * Finds out before any work begins whether outputs can be written: makes their folders, and a file in each.
 * in: inputs, paths that are read, "-" and patterns among them
 * @throws BAD_FILE, FILE_NOT_FOUND; INVALID_OPTION where an output, or what standard output goes to, is an input, by whatever name, and where
 * an output stands there twice
 */
export async function openOutputs(paths: readonly string[], inputs: readonly string[]): Promise<Output[]> {
  await refuseInputs(["-", ...paths], inputs);
  const outputs: Output[] = [];
  const targets = new Set<string>();
  for (const path of paths) {
    const { target, output } = path === "-" ? standardOutput() : await openOutput(path);
    if (targets.has(target)) throw outputTwice(path);
    targets.add(target);
    outputs.push(output);
  }
  return outputs;
}

/** @throws INVALID_OPTION where an output, by whatever name, is an input; FILE_NOT_FOUND */
export async function refuseInputs(paths: readonly string[], inputs: readonly string[]): Promise<void> {
  const read = new Map<string, string>();
  for (const input of inputs) {
    for (const file of await filesFor(input)) {
      const identity = await identityOf(file, process.stdin.fd);
      if (identity !== null) read.set(identity, file);
    }
  }
  for (const path of paths) {
    const input = read.get((await identityOf(path, process.stdout.fd)) ?? "");
    if (input !== undefined) throw outputIsInput(path === "-" ? "standard output" : path, input);
  }
}

/** Device and inode, which two names of one file share; null for what is no regular file. in: stream, what "-" stands for */
async function identityOf(path: string, stream: number): Promise<string | null> {
  const found =
    path === "-" ? fstatSync(stream, { bigint: true }) : await stat(path, { bigint: true }).catch(() => null);
  return found?.isFile() ? `${found.dev}/${found.ino}` : null;
}

interface OpenedOutput {
  readonly target: string;
  readonly output: Output;
}

function standardOutput(): OpenedOutput {
  const stream = (make: (path: string) => Promise<void>) => make("/dev/stdout");
  return { target: "-", output: { path: "-", write: writeToStandardOutput, stream } };
}

async function openOutput(path: string): Promise<OpenedOutput> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) throw outputIsFolder(path);
  if (found !== null && !found.isFile()) {
    // A device or a pipe is written to, not replaced.
    const write = (bytes: Uint8Array) => writeFile(path, bytes).catch(failedAt(path));
    return { target: path, output: { path, write, stream: (make) => make(path).catch(failedAt(path)) } };
  }
  const target = await prepare(path).catch(failedAt(path));
  const write = (bytes: Uint8Array) => {
    const make = onDisk((file) => file.writeFile(bytes));
    return replaceFile(target, make, removeOnInterrupt).catch(rescue(path, bytes));
  };
  const stream = (make: (path: string) => Promise<void>) =>
    replaceFile(target, make, removeOnInterrupt).catch(failedAt(path));
  return { target, output: { path, write, stream } };
}

/** out: the file itself, where the path is a link to it */
async function prepare(path: string): Promise<string> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const target = await realpath(path).catch(async () => join(await realpath(folder), basename(path)));
  const trial = partBeside(target);
  const tried = removeOnInterrupt(trial);
  try {
    await (await open(trial, "wx")).close();
    await rm(trial);
  } finally {
    tried();
  }
  return target;
}

function failedAt(path: string): (error: Error) => never {
  return (error) => {
    if (error instanceof EmixError) throw error;
    throw outputNotWritten(path, error);
  };
}

/** The work is not lost with the place it was meant for. */
function rescue(path: string, bytes: Uint8Array): (error: Error) => Promise<never> {
  return async (error) => {
    const kept = await keep(basename(path), bytes).catch(() => undefined);
    throw outputNotWritten(path, error, kept);
  };
}

async function keep(name: string, bytes: Uint8Array): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "emix-")), name);
  await writeFile(file, bytes);
  return file;
}

function writeToStandardOutput(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(outputNotWritten("standard output", error)) : resolve()));
  });
}
