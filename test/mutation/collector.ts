// Stands for vitest where tests run many times in one process: collects them instead of running them. Its `expect` is
// vitest's own.
export { expect } from "vitest";

export interface CollectedTest {
  readonly file: string;
  readonly name: string;
  readonly run: () => unknown;
}

/** Runs a test, and what it asked to be done when it is over. */
export async function runTest({ run }: CollectedTest): Promise<void> {
  try {
    await run();
  } finally {
    for (const finish of finishes.splice(0)) await finish();
  }
}

const finishes: (() => unknown)[] = [];

export function onTestFinished(finish: () => unknown): void {
  finishes.push(finish);
}

type Body = (...values: never[]) => unknown;
/** A body, or options and a body; a time limit may follow. */
type Rest = readonly (Body | object | number | undefined)[];

export const collected: CollectedTest[] = [];
let titles: string[] = [];

/** Loads a file of tests. */
export async function collect(file: string): Promise<void> {
  titles = [file];
  await import(file);
}

function register(name: string, rest: Rest, values: readonly unknown[]): void {
  const run = bodyOf(rest) as (...values: readonly unknown[]) => unknown;
  collected.push({ file: titles[0], name: [...titles.slice(1), name].join(" > "), run: () => run(...values) });
}

function group(name: string, rest: Rest, values: readonly unknown[]): void {
  titles.push(name);
  (bodyOf(rest) as (...values: readonly unknown[]) => unknown)(...values);
  titles.pop();
}

function bodyOf(rest: Rest): Body {
  return rest.find((part) => typeof part === "function") as Body;
}

type Take = (name: string, rest: Rest, values: readonly unknown[]) => void;

/** A row of a table that is an array gives several values. */
const each =
  (take: Take) =>
  (rows: readonly unknown[]) =>
  (name: string, ...rest: Rest): void => {
    for (const row of rows) take(`${name} ${rows.indexOf(row)}`, rest, Array.isArray(row) ? row : [row]);
  };

const called =
  (take: Take) =>
  (name: string, ...rest: Rest): void =>
    take(name, rest, []);

const runIf = (condition: boolean) => (condition ? called(group) : () => {});

export const test: object = Object.assign(called(register), { each: each(register) });
export const describe: object = Object.assign(called(group), { each: each(group), runIf });
