/** Where an array lies in a file. */
export interface NpyPlace {
  readonly path: string;
  readonly name: string;
  readonly start: number;
  /** bytes */
  readonly size: number;
  readonly close: () => Promise<void>;
}
