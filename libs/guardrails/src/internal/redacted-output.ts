/** A span of the whole text that something else takes the place of. */
export interface Redaction {
  readonly start: number;
  readonly end: number;
  /** The place of its rail: of two redactions that start together, the first rail's replacement is used. */
  readonly order: number;
  readonly replacement: string;
}

/** What is released of one text, with its redactions; those that overlap become one. */
export class RedactedOutput {
  #redactions: Redaction[] = [];
  #released = 0;
  #redactedUntil = 0;

  /** How much of the text has gone on, counted from its start. */
  get released(): number {
    return this.#released;
  }

  redact(redaction: Redaction): void {
    this.#redactions.push(redaction);
  }

  /** Releases the text up to `until`; `buffer` holds what begins at `base`. */
  release(buffer: string, base: number, until: number): string {
    const queue = this.#redactions;
    if (queue.length > 1) queue.sort((a, b) => a.start - b.start || a.order - b.order);
    let text = '';
    let next = 0;
    while (this.#released < until) {
      let redaction = queue[next];
      while (redaction !== undefined && redaction.start < Math.min(this.#redactedUntil, until)) {
        this.#redactedUntil = Math.max(this.#redactedUntil, redaction.end);
        redaction = queue[++next];
      }
      if (this.#released < this.#redactedUntil) {
        this.#released = Math.min(this.#redactedUntil, until);
      } else if (redaction !== undefined && redaction.start < until) {
        text += buffer.slice(this.#released - base, redaction.start - base) + redaction.replacement;
        this.#released = redaction.start;
        this.#redactedUntil = redaction.end;
        next += 1;
      } else {
        text += buffer.slice(this.#released - base, until - base);
        this.#released = until;
      }
    }
    if (next > 0) this.#redactions = queue.slice(next);
    return text;
  }
}
