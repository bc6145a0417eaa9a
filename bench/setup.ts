import { spawnSync } from "node:child_process";
import { environment, python, requirements } from "./support/python.ts";

/** Makes the virtual environment that the Python peers run in; without Python, says so and leaves it at that. */
function setUp(): void {
  const system = ["python3", "python"].find((name) => spawnSync(name, ["--version"]).status === 0);
  if (system === undefined) {
    console.log("bench:setup: no Python 3 here; `pnpm bench peers` will measure emix alone.");
    return;
  }
  run(system, ["-m", "venv", environment]);
  run(python() ?? system, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
  console.log("bench:setup: Python peers are ready; `pnpm bench peers` measures them.");
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status === 0) return;
  console.error(`bench:setup: ${args.slice(0, 3).join(" ")} … failed, see above.`);
  process.exit(1);
}

setUp();
