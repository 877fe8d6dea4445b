/** A text as it reads once a disguise is taken off, with the way back. */
export interface TextView {
  /** The disguises that were taken off, outermost first: `visible`, `base64/visible`. */
  readonly name: string;
  readonly text: string;
  /** Where a span of the view stands in the original text. Units: UTF-16 code units. */
  originalSpan(start: number, end: number): { readonly start: number; readonly end: number };
}

/** Collects the text of a view, piece by piece, each with the span it came from. */
export class ViewBuilder {
  private readonly pieces: string[] = [];
  private length = 0;
  // One entry for each stretch. Most of a view is copied, so that few stretches cover megabytes.
  private readonly at: number[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly copied: boolean[] = [];

  /** Adds characters that all came from one span. */
  add(characters: string, start: number, end: number): void {
    if (characters === '') return;
    const isCopy = characters.length === end - start && characters.length === 1;
    this.push(characters, start, end, isCopy);
  }

  /** Adds the characters of `text` from `start` to `end` as they are. */
  copy(text: string, start: number, end: number): void {
    if (end > start) this.push(text.slice(start, end), start, end, true);
  }

  /** The view; `parent` is the view that the spans count in, where that is not the original text. */
  build(name: string, parent?: TextView): TextView {
    const { at, starts, ends, copied } = this;
    const spanOf = (index: number): { start: number; end: number } => {
      let low = 0;
      let high = at.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((at[middle] ?? 0) <= index) low = middle;
        else high = middle - 1;
      }
      const start = starts[low] ?? 0;
      if (copied[low] !== true) return { start, end: ends[low] ?? 0 };
      const own = start + index - (at[low] ?? 0);
      return { start: own, end: own + 1 };
    };
    const total = this.length;
    const lastEnd = ends.at(-1) ?? 0;
    return {
      name,
      text: this.pieces.join(''),
      originalSpan(start, end) {
        const first = start < total ? spanOf(start).start : lastEnd;
        const own = {
          start: first,
          end: end > start ? spanOf(Math.min(end, total) - 1).end : first,
        };
        return parent === undefined ? own : parent.originalSpan(own.start, own.end);
      },
    };
  }

  private push(characters: string, start: number, end: number, isCopy: boolean): void {
    const last = this.ends.length - 1;
    this.pieces.push(characters);
    if (isCopy && this.copied[last] === true && this.ends[last] === start) this.ends[last] = end;
    else {
      this.at.push(this.length);
      this.starts.push(start);
      this.ends.push(end);
      this.copied.push(isCopy);
    }
    this.length += characters.length;
  }
}
