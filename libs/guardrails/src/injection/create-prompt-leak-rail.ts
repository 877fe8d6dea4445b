import type { Rail, RailPoint } from '@espalier/core';

/** What `createPromptLeakRail` takes. */
export interface PromptLeakRailOptions {
  /** The text that must not be repeated. */
  readonly systemPrompt: string;
  /** Words in a row that are too many. Default 8. */
  readonly words?: number;
  /** Default `prompt-leak`. */
  readonly name?: string;
  /** Default: `output` and `tool-call`. */
  readonly points?: readonly RailPoint[];
}

const WORD = /[\p{L}\p{N}]+/gu;
const LONGEST_WORD = 40;

/**
 * Makes a rail that stops a text which repeats a run of words of the system prompt, whatever stands between them.
 *
 * Linear in the text; holds back as many words as the run has. A translation or a paraphrase passes: a canary and the
 * moderation of requests for the prompt stand beside it.
 */
export function createPromptLeakRail(options: PromptLeakRailOptions): Rail {
  const size = options.words ?? 8;
  const secret = wordsOf(options.systemPrompt).map(({ word }) => word);
  const runs = new Set<string>();
  for (let start = 0; start + size <= secret.length; start += 1) {
    runs.add(secret.slice(start, start + size).join(' '));
  }
  const reach = size * LONGEST_WORD;
  return {
    specificationVersion: 'v1',
    name: options.name ?? 'prompt-leak',
    points: options.points ?? ['output', 'tool-call'],
    maxHoldBack: reach,
    lookBehind: reach,
    check({ text, isFinal, from = 0 }) {
      const words = wordsOf(text);
      for (let start = 0; start + size <= words.length; start += 1) {
        const part = words.slice(start, start + size);
        if (!runs.has(part.map(({ word }) => word).join(' '))) continue;
        const [first, last] = [part[0], part.at(-1)];
        const span = { start: first?.start ?? 0, end: last?.end ?? text.length };
        return {
          verdict: {
            action: 'block',
            reason: 'The text repeats the system prompt.',
            findings: [{ span, category: 'prompt-leak', score: 1 }],
          },
          clearedUntil: isFinal ? text.length : Math.max(from, text.length - reach),
        };
      }
      if (isFinal) return { verdict: { action: 'allow' }, clearedUntil: text.length };
      // The last words may be the beginning of a run; the very last one may still grow.
      const open = words[Math.max(0, words.length - size)]?.start ?? text.length;
      const clearedUntil = Math.max(from, open, text.length - reach);
      return { verdict: { action: 'allow' }, clearedUntil: Math.min(text.length, clearedUntil) };
    },
  };
}

function wordsOf(text: string): { word: string; start: number; end: number }[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    word: word.toLowerCase(),
    start: index,
    end: index + word.length,
  }));
}
