import { InvalidArgumentError, type Chunker, type Document } from '@espalier/core';
import { cutSentences, type Sentence } from './internal/cut-sentences.js';
import { createSplitter } from './internal/split-span.js';
import { toChunks, type ChunkPart } from './internal/to-chunks.js';
import { tokenLimitOf, type TokenLimit } from './token-limit.js';

const DEFAULT_MAX_TOKENS = 100;
const DEFAULT_WINDOW = 3;

/** What {@link createSentenceWindowChunker} takes; `maxTokens`, beyond which a sentence is cut, is 100 by default. */
export interface SentenceWindowChunkerOptions extends TokenLimit {
  /** Sentences before and after that are read with the one found. Default 3. */
  readonly window?: number;
}

/**
 * Creates a chunker of single sentences, each naming the sentences around it as its parent.
 *
 * What is found is as exact as can be, and what is read has its surroundings. The window ends at the section's borders.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: `maxTokens` is not a whole number from 1, or `window` not
 * one from 0.
 */
export function createSentenceWindowChunker(options: SentenceWindowChunkerOptions): Chunker {
  const { countTokens, tokenizerId } = options;
  const maxTokens = tokenLimitOf('maxTokens', options.maxTokens ?? DEFAULT_MAX_TOKENS);
  const window = options.window ?? DEFAULT_WINDOW;
  if (!Number.isInteger(window) || window < 0) {
    throw new InvalidArgumentError({
      argument: 'window',
      value: window,
      expected: 'a whole number from 0',
    });
  }
  const split = createSplitter({ countTokens, maxTokens });

  function* partsOf(document: Document): Generator<ChunkPart> {
    const { text } = document;
    const sentences = [...cutSentences(document)];
    for (const [index, { start, end, section }] of sentences.entries()) {
      const parent = {
        start: furthest(sentences, index, -window).start,
        end: furthest(sentences, index, window).end,
      };
      for (const piece of split({ text, atoms: [], start, end, bodyStart: start }))
        yield { start: piece.start, end: piece.end, headingPath: section.headingPath, parent };
    }
  }

  return {
    specificationVersion: 'v1',
    name: 'sentence-window',
    fingerprint: `sentence-window-1:${tokenizerId}:${maxTokens}:${window}`,
    chunk: (document) => toChunks(document, partsOf(document)),
  };
}

/** The sentence so many steps away, or the last one on the way that is in the same section. */
function furthest(sentences: readonly Sentence[], from: number, steps: number): Sentence {
  let found = sentences[from] as Sentence;
  const direction = Math.sign(steps);
  for (let step = 1; step <= Math.abs(steps); step += 1) {
    const next = sentences[from + step * direction];
    if (next?.section !== found.section) break;
    found = next;
  }
  return found;
}
