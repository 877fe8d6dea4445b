import type { Rail } from '@espalier/core';
import { createPatternRail } from '../internal/create-pattern-rail.js';
import { createFinderReader } from '../internal/find-matches.js';
import { createPrefixPattern } from '../internal/prefix-pattern.js';
import { createReachFinder } from '../internal/reach-finder.js';
import { feedbackOf, type ValidationRailOptions } from './create-validation-rail.js';

const CLAIM =
  /\b(?:i\s?(?:am|'m|’m)|speaking as)\s(?:(?:actually|really|definitely|indeed|just|in fact),?\s)?(?:an?\s(?:real\s|actual\s|living\s|human\s){1,2}(?:person|human|being|man|woman|agent|employee)|an?\shuman\b|human\b(?! rights)|not\san?\s(?:ai|bot|robot|machine|chatbot|language model|program))/giu;
/** Longer than any claim. */
const REACH = 80;
/** A quotation that has begun and is not over; an apostrophe inside a word begins none. */
const QUOTE = /(?<![\p{L}\p{N}])["“'‘«][^"”'’»\n]{0,200}$/u;
const QUOTE_LENGTH = 201;
const REASON = 'The answer claims to come from a person, but a machine gives it.';

/**
 * Makes a rail for answers that claim to come from a person. Quoted claims pass.
 *
 * While a text streams it holds back what may be the beginning of a claim. An agent asks its model again only where nothing
 * of the answer is out yet; later the answer ends before the claim.
 */
export function createIdentityRail(options: ValidationRailOptions = {}): Rail {
  return createPatternRail({
    name: options.name ?? 'identity',
    points: options.points ?? ['output'],
    reader: createFinderReader([
      createReachFinder({
        reach: REACH,
        lookBehind: QUOTE_LENGTH + 1,
        openFrom: createPrefixPattern(CLAIM).openFrom,
        find: findClaim,
      }),
    ]),
    actionOf: () => 'block',
    replacementOf: () => '',
    reason: REASON,
    ...((options.onFailure ?? 'reask') === 'reask' ? { feedback: feedbackOf(REASON) } : {}),
  });
}

function findClaim(
  text: string,
  from: number,
): { start: number; end: number; category: string; rule: string } | undefined {
  CLAIM.lastIndex = from;
  for (let match = CLAIM.exec(text); match !== null; match = CLAIM.exec(text)) {
    const start = match.index;
    if (QUOTE.test(text.slice(Math.max(0, start - QUOTE_LENGTH - 1), start))) continue;
    const end = start + match[0].length;
    return { start, end, category: 'ethics.identity', rule: 'claims-to-be-human' };
  }
  return undefined;
}
