import { EspalierError } from '@espalier/core';

/** The bytes of a lexical index cannot be read, or are those of another one. */
export class LexicalIndexCorruptError extends EspalierError {
  static override readonly errorName = 'LexicalIndexCorruptError';

  constructor(options: { problem: string }) {
    super({
      code: 'ERR_RAG_LEXICAL_INDEX_CORRUPT',
      message: `The lexical index cannot be restored: ${options.problem}. Build it again from the texts.`,
      details: options,
    });
  }
}
