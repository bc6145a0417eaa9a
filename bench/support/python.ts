import { existsSync } from "node:fs";
import path from "node:path";

const folder = path.join(import.meta.dirname, "..");

/** The virtual environment of the Python peers, made by `pnpm bench:setup`. */
export const environment = path.join(folder, ".venv");

export const requirements = path.join(folder, "peers", "requirements.txt");

/** The interpreter of the environment, if it is there. */
export function python(): string | undefined {
  const places = [path.join(environment, "bin", "python"), path.join(environment, "Scripts", "python.exe")];
  return places.find((place) => existsSync(place));
}
