import type { Rail } from '@espalier/core';
import { createValidationRail, type ValidationRailOptions } from './create-validation-rail.js';

const CLAIM =
  /\b(?:i\s?(?:am|'m|’m)|speaking as)\s(?:(?:actually|really|definitely|indeed|just|in fact),?\s)?(?:an?\s(?:real\s|actual\s|living\s|human\s){1,2}(?:person|human|being|man|woman|agent|employee)|an?\shuman\b|human\b(?! rights)|not\san?\s(?:ai|bot|robot|machine|chatbot|language model|program))/iu;
const QUOTE = /["“'‘«][^"”'’»\n]{0,200}$/u;

/** Makes a rail for answers that claim to come from a person. Quoted claims pass. */
export function createIdentityRail(options: ValidationRailOptions = {}): Rail {
  return createValidationRail({
    name: options.name ?? 'identity',
    points: options.points ?? ['output'],
    onFailure: options.onFailure ?? 'reask',
    validate({ text }) {
      const match = CLAIM.exec(text);
      if (match === null || QUOTE.test(text.slice(Math.max(0, match.index - 200), match.index)))
        return undefined;
      return {
        category: 'ethics.identity',
        rule: 'claims-to-be-human',
        reason: 'The answer claims to come from a person, but a machine gives it.',
        span: { start: match.index, end: match.index + match[0].length },
      };
    },
  });
}
