/**
 * The time of a run by phases, which may overlap: while several are under way each gets an equal share, and "between" gets
 * what passes while none is. So all of them add up to the run.
 */
export class Phases {
  readonly #milliseconds: Record<string, number> = {};
  readonly #active: string[] = [];
  #since: number = performance.now();

  begin(phase: string): void {
    this.#share();
    this.#active.push(phase);
  }

  end(phase: string): void {
    this.#share();
    this.#active.splice(this.#active.indexOf(phase), 1);
  }

  /** Milliseconds of each phase so far. */
  read(): Readonly<Record<string, number>> {
    this.#share();
    return { ...this.#milliseconds };
  }

  /** Gives the time since the last change to the phases that were under way. */
  #share(): void {
    const now = performance.now();
    const under = this.#active.length === 0 ? ["between"] : this.#active;
    for (const phase of under) {
      this.#milliseconds[phase] = (this.#milliseconds[phase] ?? 0) + (now - this.#since) / under.length;
    }
    this.#since = now;
  }
}
