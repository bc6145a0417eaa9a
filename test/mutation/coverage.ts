import type { Mutant } from "./schemata.ts";
import { Session } from "./session.ts";
import type { Outcome, Setting } from "./worker.ts";

/** A test, and what is known of it. */
export interface TestCase {
  readonly index: number;
  readonly name: string;
  /** of processor time */
  readonly milliseconds: number;
  /** rounds of loops */
  readonly loops: number;
  /** mutants that it came by */
  readonly reached: readonly number[];
  /** mutants of this file that it killed */
  kills: number;
  /** it fails without a mutant, when it is not the first to run */
  unreliable: boolean;
}

/** No mutant, and no hurry. */
export const UNCHANGED = {
  mutant: -1,
  constants: false,
  mostLoops: Number.POSITIVE_INFINITY,
  mostMilliseconds: Number.POSITIVE_INFINITY,
  brief: false,
};

/** Runs every test once. out: those that pass */
export async function testCases(setting: Omit<Setting, "reaching">): Promise<TestCase[]> {
  const session = new Session({ ...setting, reaching: true });
  const cases: TestCase[] = [];
  for (const [index, { file, name }] of (await session.tests()).entries()) {
    const outcome = await session.run({ ...UNCHANGED, test: index });
    if (outcome?.failure === null) cases.push(testCase(index, `${file} > ${name}`, outcome));
    else console.log(`left out, for it fails here: ${file} > ${name}: ${outcome?.failure}`);
  }
  session.end();
  return cases;
}

function testCase(index: number, name: string, { milliseconds, loops, reached }: Outcome): TestCase {
  return { index, name, milliseconds, loops, reached, kills: 0, unreliable: false };
}

/** The tests that may see a mutant, by its number. in: textOf, the source of a file */
export function coveringTests(
  mutants: readonly Mutant[],
  cases: readonly TestCase[],
  textOf: (file: string) => string,
): TestCase[][] {
  const covering: TestCase[][] = mutants.map(() => []);
  for (const test of cases) for (const id of test.reached) covering[id].push(test);
  const ofFile = Map.groupBy(mutants, ({ file }) => file);
  const usersOf = (constant: string) =>
    [...ofFile].filter(([file]) => new RegExp(`\\b${constant}\\b`).test(textOf(file))).flatMap(([, own]) => own);
  // A constant was made before the first test: what comes by any code of a file that names it may see it.
  for (const { id, constant } of mutants) {
    if (constant !== null) covering[id] = [...new Set(usersOf(constant.name).flatMap((user) => covering[user.id]))];
  }
  return covering;
}
