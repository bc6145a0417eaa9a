import { readFileSync } from "node:fs";
import type { FileResult } from "./report.ts";
import { type Mutant, mutantsOf } from "./schemata.ts";
import { Session } from "./session.ts";

/** A test, and what is known of it. */
interface TestCase {
  readonly index: number;
  readonly name: string;
  /** of processor time */
  readonly milliseconds: number;
  /** rounds of loops */
  readonly loops: number;
  /** mutants of this file that it killed */
  kills: number;
  /** it fails without a mutant, when it is not the first to run */
  unreliable: boolean;
}

/** Processor time for the tests of one mutant. */
const MOST_MILLISECONDS = 8000;
/** A mutant may take five times as long as the test does without, and so much more. */
const PATIENCE = { milliseconds: 1000, loops: 100_000, factor: 5 };

/** No mutant, and no hurry. */
const UNCHANGED = {
  mutant: -1,
  constants: false,
  mostLoops: Number.POSITIVE_INFINITY,
  mostMilliseconds: Number.POSITIVE_INFINITY,
  brief: false,
};

const textOf = (file: string) => readFileSync(file, "utf8");

/** Tests against mutants. */
export class Trial {
  readonly #files: readonly string[];
  readonly #tests: readonly string[];
  readonly #mutants: readonly Mutant[];
  readonly #session: Session;
  #cases: readonly TestCase[] = [];
  /** of every mutant, the tests that come by */
  #covering: readonly TestCase[][] = [];

  constructor(files: readonly string[], tests: readonly string[]) {
    this.#files = files;
    this.#tests = tests;
    this.#mutants = mutantsOf(files, textOf);
    this.#session = new Session({ files, tests, reaching: false });
  }

  get summary(): string {
    const total = this.#cases.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return `${this.#mutants.length} mutants, ${this.#cases.length} tests of ${(total / 1000).toFixed(0)} s`;
  }

  /** Runs every test once, to see what it comes by. */
  async cover(): Promise<void> {
    const session = new Session({ files: this.#files, tests: this.#tests, reaching: true });
    const covering: TestCase[][] = this.#mutants.map(() => []);
    const coveringFile = new Map(this.#files.map((file) => [file, new Set<TestCase>()]));
    const cases: TestCase[] = [];
    for (const [index, { file, name }] of (await session.tests()).entries()) {
      const outcome = await session.run({ ...UNCHANGED, test: index });
      if (outcome === null || outcome.failure !== null) {
        console.log(`left out, for it fails here: ${file} > ${name}: ${outcome?.failure}`);
        continue;
      }
      const { milliseconds, loops, reached } = outcome;
      const test = { index, name: `${file} > ${name}`, milliseconds, loops, kills: 0, unreliable: false };
      cases.push(test);
      for (const id of reached) {
        covering[id].push(test);
        coveringFile.get(this.#mutants[id].file)?.add(test);
      }
    }
    session.end();
    for (const { id, constant } of this.#mutants) {
      if (constant !== null)
        covering[id] = [...new Set(this.#users(constant.name).flatMap((file) => [...(coveringFile.get(file) ?? [])]))];
    }
    this.#cases = cases;
    this.#covering = covering;
  }

  /** The files that a constant of a module may matter to. */
  #users(constant: string): string[] {
    return this.#files.filter((file) => new RegExp(`\\b${constant}\\b`).test(textOf(file)));
  }

  async mutate(file: string): Promise<FileResult> {
    for (const test of this.#cases) test.kills = 0;
    const [survived, uncovered]: [Mutant[], Mutant[]] = [[], []];
    const mutants = this.#mutants.filter((mutant) => mutant.file === file);
    for (const mutant of mutants) {
      if (this.#covering[mutant.id].length === 0) uncovered.push(mutant);
      else if (!(await this.#killed(mutant))) survived.push(mutant);
    }
    return { file, killed: mutants.length - survived.length - uncovered.length, survived, uncovered };
  }

  end(): void {
    this.#session.end();
  }

  /** Quick tests first, and those that killed others. */
  async #killed(mutant: Mutant): Promise<boolean> {
    const cost = ({ milliseconds, kills }: TestCase) => (milliseconds + 0.2) / (1 + kills);
    let left = MOST_MILLISECONDS;
    for (const test of this.#covering[mutant.id].toSorted((a, b) => cost(a) - cost(b))) {
      if (test.unreliable || test.milliseconds > left) continue;
      left -= test.milliseconds;
      if (!(await this.#kills(test, mutant))) continue;
      test.kills += 1;
      return true;
    }
    return false;
  }

  async #kills(test: TestCase, mutant: Mutant): Promise<boolean> {
    if (!(await this.#fails(test, mutant))) return false;
    if (!(await this.#fails(test, null, true))) return true;
    // Something else made it fail: what an earlier mutant left behind, or the test itself when it is not the first.
    this.#session.end();
    test.unreliable = await this.#fails(test, null);
    if (test.unreliable) console.log(`left out, for it does not pass twice: ${test.name}`);
    return !test.unreliable && this.#fails(test, mutant);
  }

  async #fails({ index, milliseconds, loops }: TestCase, mutant: Mutant | null, brief = false): Promise<boolean> {
    const outcome = await this.#session.run({
      test: index,
      mutant: mutant?.id ?? UNCHANGED.mutant,
      constants: mutant !== null && mutant.constant !== null,
      mostLoops: PATIENCE.loops + PATIENCE.factor * loops,
      mostMilliseconds: PATIENCE.milliseconds + PATIENCE.factor * milliseconds,
      brief,
    });
    return outcome === null || outcome.failure !== null;
  }
}
