import type { Rail, RailPoint } from '@espalier/core';
import { createPatternRail, type RailAction } from '../internal/create-pattern-rail.js';
import { createPiiReader, type PiiSelection } from './pii-finders.js';
import { applyPiiOperator, type PiiOperator } from './pii-operators.js';

/** What `createPiiRail` takes. */
export interface PiiRailOptions extends PiiSelection {
  /** Default `pii`. */
  readonly name?: string;
  /** Default: `input` and `output`. */
  readonly points?: readonly RailPoint[];
  /** What happens where personal data is found. Default `redact`. */
  readonly action?: RailAction;
  /** Another action for single categories, `{ card: 'block', 'us-ssn': 'block' }`. */
  readonly actions?: Readonly<Record<string, RailAction>>;
  /** What takes its place, by category or `*` for all. Default: replaced by `[redacted:<category>]`. */
  readonly operators?: Readonly<Record<string, PiiOperator>>;
  /** What takes its place; `operators` come first. */
  readonly replacement?: (category: string) => string;
}

/**
 * Makes a rail for personal data whose form can be proved: payment cards by Luhn's check digit and issuer range, IBANs
 * by mod 97 and country length, e-mail addresses, telephone numbers, IP addresses, and the numbers that states, registers
 * and banks of some eighty countries give out, by their check digits and by words near them.
 *
 * Names and postal addresses have no form: give a `tagger` for them. What does not point to one person by itself (places,
 * organisations, dates, ages, pages …) is let through unless `categories` names it. Linear in the text; holds back the
 * last words or number while a text streams, with a tagger some eight words.
 */
export function createPiiRail(options: PiiRailOptions = {}): Rail {
  const operatorOf = (category: string): PiiOperator | undefined =>
    options.operators?.[category] ?? options.operators?.['*'];
  return createPatternRail({
    name: options.name ?? 'pii',
    points: options.points ?? ['input', 'output'],
    reader: createPiiReader(options),
    noun: 'personal data',
    actionOf: (category) => {
      const action = options.actions?.[category] ?? options.action ?? 'redact';
      return action === 'redact' && operatorOf(category)?.type === 'keep' ? undefined : action;
    },
    replacementOf: (category, found) => {
      const operator = operatorOf(category);
      if (operator !== undefined) return applyPiiOperator(operator, category, found);
      return options.replacement?.(category) ?? `[redacted:${category}]`;
    },
  });
}
