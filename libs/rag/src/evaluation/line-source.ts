/** The lines of one file, and the name that problems give it. */
export interface LineSource {
  readonly file: string;
  readonly lines: Iterable<string> | AsyncIterable<string>;
}
