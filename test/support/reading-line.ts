/** Standard error without the line that says what was read, which test/unit/emix/cli/input.test.ts is about. */
export function withoutReadingLine(stderr: string): string {
  return stderr.replace(/^read [^\n]*\n/m, "");
}
