import type { Rail } from '@espalier/core';
import { createValidationRail, type ValidationRailOptions } from './create-validation-rail.js';

/** What `createCitationRail` takes. */
export interface CitationRailOptions extends ValidationRailOptions {
  /** The least marks `[n]` in an answer that has evidence. Default 1. */
  readonly min?: number;
}

const MARK = /\[(\d{1,4})\]/gu;

/** Makes a rail for answers that must cite what they rest on; answers without evidence pass. */
export function createCitationRail(options: CitationRailOptions = {}): Rail {
  const { min = 1 } = options;
  return createValidationRail({
    name: options.name ?? 'citations',
    points: options.points ?? ['output'],
    onFailure: options.onFailure ?? 'reask',
    validate({ text, evidence = [] }) {
      if (evidence.length === 0 || text.trim() === '') return undefined;
      const marks = new Set([...text.matchAll(MARK)].map(([, number]) => number));
      if (marks.size >= min) return undefined;
      return {
        category: 'citation',
        rule: 'min',
        reason: `The answer cites ${marks.size} of its passages; at least ${min} must be cited as [n].`,
      };
    },
  });
}
