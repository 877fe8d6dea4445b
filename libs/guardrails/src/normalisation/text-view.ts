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
  private text = '';
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /** Adds characters that all came from one span. */
  add(characters: string, start: number, end: number): void {
    for (let index = 0; index < characters.length; index += 1) {
      this.starts.push(start);
      this.ends.push(end);
    }
    this.text += characters;
  }

  /** The view; `parent` is the view that the spans count in, where that is not the original text. */
  build(name: string, parent?: TextView): TextView {
    const { text, starts, ends } = this;
    return {
      name,
      text,
      originalSpan(start, end) {
        const first = starts[start] ?? ends.at(-1) ?? 0;
        const own = { start: first, end: end > start ? (ends[end - 1] ?? first) : first };
        return parent === undefined ? own : parent.originalSpan(own.start, own.end);
      },
    };
  }
}
