import { fork } from "node:child_process";
import path from "node:path";

/**
 * Runs bench/children/<name>.ts in a process of its own: nothing compiled, nothing resident yet.
 * out: what the child answered
 */
export function inChild<Question, Answer>(name: string, question: Question): Promise<Answer> {
  const file = path.join(import.meta.dirname, "..", "children", `${name}.ts`);
  const child = fork(file, [JSON.stringify(question)], { stdio: "inherit", execArgv: ["--expose-gc"] });
  return new Promise((resolve, reject) => {
    child.once("message", (answer) => resolve(answer as Answer));
    child.once("error", reject);
    child.once("exit", (code, signal) => reject(new Error(`${name} ended early, ${signal ?? `exit code ${code}`}.`)));
  });
}

/** The child's side: one question, one answer. */
export async function answer<Question, Answer>(work: (question: Question) => Promise<Answer>): Promise<void> {
  const result = await work(JSON.parse(process.argv[2]) as Question);
  process.send?.(result, () => process.disconnect?.());
}
