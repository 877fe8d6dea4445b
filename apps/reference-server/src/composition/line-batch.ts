/** Collects lines and hands them on together, so that a worker is woken once for many. */
export interface LineBatch {
  write(line: string): void;
  /** Hands on what waits, now. */
  flush(): void;
}

/** Creates a batch that waits at most `waitMs` (default 100) or for `maxLength` characters (default 32 768). */
export function createLineBatch(
  target: { write(text: string): unknown },
  options: { waitMs?: number; maxLength?: number } = {},
): LineBatch {
  const { waitMs = 100, maxLength = 32_768 } = options;
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (text === '') return;
    const lines = text;
    text = '';
    target.write(lines);
  };
  return {
    write(line) {
      text += line;
      if (text.length >= maxLength) flush();
      else timer ??= setTimeout(flush, waitMs).unref();
    },
    flush,
  };
}
