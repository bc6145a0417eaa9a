/** Gathers what a flag is given, each time that it stands on the command line. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
