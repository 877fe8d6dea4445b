/** A text under construction, each unit of which knows where in the source it is from. */
export interface VisibleText {
  readonly length: number;
  /** Whether what comes next stands at the beginning of a line. */
  readonly isAtLineStart: boolean;
  /** Appends characters of the source as they are. Shapes: `starts`, `ends` [text.length]. */
  push(text: string, starts: readonly number[], ends: readonly number[]): void;
  /** Appends words with white space collapsed, as a browser shows them. */
  pushCollapsed(text: string, starts: readonly number[], ends: readonly number[]): void;
  /** Appends what is not in the source (the mark of a list item). */
  insert(text: string): void;
  /** Begins a new line, or a new paragraph, unless one has been begun. */
  breakLine(lines: 1 | 2): void;
  finish(): { text: string; starts: Uint32Array; ends: Uint32Array };
}

/** Creates an empty text. */
export function createVisibleText(): VisibleText {
  const pieces: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let length = 0;
  let pendingBreaks = 0;
  let pendingSpace: { start: number; end: number } | undefined;

  const append = (text: string, from: readonly number[], to: readonly number[]): void => {
    pieces.push(text);
    length += text.length;
    for (let n = 0; n < text.length; n += 1) {
      starts.push(from[n] ?? 0);
      ends.push(to[n] ?? 0);
    }
  };
  const fill = (text: string): void => {
    // What is not in the source stands, without extent, where the source was last read.
    const at = ends.at(-1) ?? 0;
    append(text, Array<number>(text.length).fill(at), Array<number>(text.length).fill(at));
  };
  const settle = (): void => {
    if (pendingBreaks > 0 && length > 0) fill('\n'.repeat(pendingBreaks));
    else if (pendingSpace !== undefined && length > 0)
      append(' ', [pendingSpace.start], [pendingSpace.end]);
    pendingBreaks = 0;
    pendingSpace = undefined;
  };

  return {
    get length() {
      return length;
    },
    get isAtLineStart() {
      return pendingBreaks > 0 || length === 0;
    },
    push(text, from, to) {
      if (text === '') return;
      settle();
      append(text, from, to);
    },
    pushCollapsed(text, from, to) {
      for (const { index, 0: run } of text.matchAll(/[ \t\n\r\f]+|[^ \t\n\r\f]+/gu)) {
        const last = index + run.length;
        if (/^[ \t\n\r\f]/u.test(run)) {
          pendingSpace ??= { start: from[index] ?? 0, end: to[last - 1] ?? 0 };
          continue;
        }
        settle();
        append(run, from.slice(index, last), to.slice(index, last));
      }
    },
    insert(text) {
      settle();
      fill(text);
    },
    breakLine(lines) {
      pendingBreaks = Math.max(pendingBreaks, lines);
      pendingSpace = undefined;
    },
    finish: () => ({
      text: pieces.join(''),
      starts: Uint32Array.from(starts),
      ends: Uint32Array.from(ends),
    }),
  };
}
