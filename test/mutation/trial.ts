import { readFileSync } from "node:fs";
import { coveringTests, type TestCase, testCases, UNCHANGED } from "./coverage.ts";
import type { FileResult } from "./report.ts";
import { type Mutant, mutantsOf } from "./schemata.ts";
import { Session } from "./session.ts";

/** Processor time for the tests of one mutant. */
const MOST_MILLISECONDS = 8000;
/** A mutant may take five times as long as the test does without, and so much more. */
const PATIENCE = { milliseconds: 1000, loops: 100_000, factor: 5 };

/** How much longer the tests of the mirroring file may take to be tried first. */
const MIRROR_BONUS = 20;

const textOf = (file: string) => readFileSync(file, "utf8");

/** Tests against mutants. */
export class Trial {
  readonly #mutants: readonly Mutant[];
  readonly #cases: readonly TestCase[];
  /** of every mutant */
  readonly #covering: readonly TestCase[][];
  readonly #session: Session;

  private constructor(mutants: readonly Mutant[], cases: readonly TestCase[], session: Session) {
    this.#mutants = mutants;
    this.#cases = cases;
    this.#covering = coveringTests(mutants, cases, textOf);
    this.#session = session;
  }

  /** in: paths of files to change, and of files of tests */
  static async of(files: readonly string[], tests: readonly string[]): Promise<Trial> {
    const cases = await testCases({ files, tests });
    return new Trial(mutantsOf(files, textOf), cases, new Session({ files, tests, reaching: false }));
  }

  get summary(): string {
    const total = this.#cases.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return `${this.#mutants.length} mutants, ${this.#cases.length} tests of ${(total / 1000).toFixed(0)} s`;
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

  /** Quick tests first, those that killed others, and those that mirror the file. */
  async #killed(mutant: Mutant): Promise<boolean> {
    const mirror = mutant.file.replace(/^.*\/packages\/(\w+)\/src\/(.*)\.ts$/, "/test/unit/$1/$2.test.ts >");
    const cost = ({ milliseconds, kills, name }: TestCase) =>
      (milliseconds + 0.2) / (1 + kills) / (name.includes(mirror) ? MIRROR_BONUS : 1);
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
    return outcome?.failure !== null;
  }
}
