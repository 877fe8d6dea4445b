import type { Rail } from '@espalier/core';
import { createValidationRail, type ValidationRailOptions } from './create-validation-rail.js';

/** What `createCitationRail` takes. */
export interface CitationRailOptions extends ValidationRailOptions {
  /** The least marks `[n]` in an answer that has evidence. Default 1. */
  readonly min?: number;
}

const MARK = /\[(\d{1,4})\]/gu;

/**
 * Makes a rail for answers that must cite what they rest on; answers without evidence pass.
 *
 * A stream is held back until it has cited enough.
 */
export function createCitationRail(options: CitationRailOptions = {}): Rail {
  const { min = 1 } = options;
  const countOf = (text: string): number =>
    new Set([...text.matchAll(MARK)].map(([, number]) => number)).size;
  return createValidationRail({
    name: options.name ?? 'citations',
    points: options.points ?? ['output'],
    onFailure: options.onFailure ?? 'reask',
    // What has been cleared had cited enough.
    isSettled: ({ text, evidence = [], from = 0 }) =>
      evidence.length === 0 || from > 0 || countOf(text) >= min,
    validate({ text, evidence = [], from = 0 }) {
      if (evidence.length === 0 || from > 0 || text.trim() === '') return undefined;
      const count = countOf(text);
      if (count >= min) return undefined;
      return {
        category: 'citation',
        rule: 'min',
        reason: `The answer cites ${count} of its passages; at least ${min} must be cited as [n].`,
      };
    },
  });
}
