import type { Rail, RailPoint } from '@espalier/core';
import { createPatternRail, type RailAction } from '../internal/create-pattern-rail.js';
import type { Finder } from '../internal/finder.js';
import { createCardFinder } from './card-finder.js';
import { createEmailFinder } from './email-finder.js';
import { createIbanFinder } from './iban-finder.js';
import { createIpv4Finder } from './ipv4-finder.js';
import { createIpv6Finder } from './ipv6-finder.js';
import { createPhoneFinder } from './phone-finder.js';

/** The kinds of personal data that the rail knows. */
export type PiiCategory = 'card' | 'iban' | 'email' | 'phone' | 'ip';

/** What `createPiiRail` takes. */
export interface PiiRailOptions {
  /** Default `pii`. */
  readonly name?: string;
  /** Default: `input` and `output`. */
  readonly points?: readonly RailPoint[];
  /** Default: all. */
  readonly categories?: readonly PiiCategory[];
  /** What happens where personal data is found. Default `redact`. */
  readonly action?: RailAction;
  /** Another action for single categories, `{ card: 'block' }`. */
  readonly actions?: Readonly<Partial<Record<PiiCategory, RailAction>>>;
  /** What takes its place. Default `[redacted:<category>]`. */
  readonly replacement?: (category: PiiCategory) => string;
}

const FINDERS: Readonly<Record<PiiCategory, readonly (() => Finder)[]>> = {
  card: [createCardFinder],
  iban: [createIbanFinder],
  email: [createEmailFinder],
  ip: [createIpv6Finder, createIpv4Finder],
  phone: [createPhoneFinder],
};

/**
 * Makes a rail for personal data whose form can be proved: payment cards by Luhn's check digit and issuer range, IBANs
 * by mod 97 and country length, e-mail addresses, telephone numbers and IP addresses.
 *
 * Names and postal addresses are outside its reach: they have no form. Linear in the text; holds back the last word or
 * number while a text streams.
 */
export function createPiiRail(options: PiiRailOptions = {}): Rail {
  const categories = new Set(options.categories ?? (Object.keys(FINDERS) as PiiCategory[]));
  const chosen = (Object.keys(FINDERS) as PiiCategory[]).filter((category) =>
    categories.has(category),
  );
  return createPatternRail({
    name: options.name ?? 'pii',
    points: options.points ?? ['input', 'output'],
    finders: chosen.flatMap((category) => FINDERS[category].map((create) => create())),
    noun: 'personal data',
    actionOf: (category) =>
      options.actions?.[category as PiiCategory] ?? options.action ?? 'redact',
    replacementOf: (category) =>
      options.replacement?.(category as PiiCategory) ?? `[redacted:${category}]`,
  });
}
