import { createAddedTokenFinder, type AddedToken } from './added-tokens.js';
import type { Normalizer } from './normalizer.js';
import type { PreTokenizer } from './pre-tokenizer.js';
import type { Scan } from './scan.js';

/**
 * Runs a text through the parts of a tokeniser as `tokenizers` does: added tokens of the text as it is, the normaliser,
 * added tokens of what that gave, the pre-tokeniser, the model.
 */
export function createPipelineScan(parts: {
  added: readonly AddedToken[];
  normalize: Normalizer;
  preTokenize: PreTokenizer;
  idsOf: (word: string) => readonly number[];
}): Scan {
  const findRaw = createAddedTokenFinder(parts.added.filter(({ normalized }) => !normalized));
  const findNormalized = createAddedTokenFinder(
    parts.added.filter(({ normalized }) => normalized),
    ({ content }) => parts.normalize(content),
  );

  return (text, onPieces) => {
    for (const raw of findRaw(text.toWellFormed())) {
      if ('id' in raw) {
        if (!onPieces([raw.id])) return false;
        continue;
      }
      for (const segment of findNormalized(parts.normalize(raw.text))) {
        if ('id' in segment) {
          if (!onPieces([segment.id])) return false;
          continue;
        }
        const isFirst = raw.start === 0 && segment.start === 0;
        for (const word of parts.preTokenize({ text: segment.text, isFirst }))
          if (!onPieces(parts.idsOf(word.text))) return false;
      }
    }
    return true;
  };
}
