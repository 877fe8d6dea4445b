import type { Finder } from '../internal/finder.js';
import { createCardFinder } from './card-finder.js';
import { createEmailFinder } from './email-finder.js';
import { createIbanFinder } from './iban-finder.js';
import { createIpv4Finder } from './ipv4-finder.js';
import { createIpv6Finder } from './ipv6-finder.js';
import { createNationalNumbers } from './national/national-numbers.js';
import { createNumberFinder } from './number-finder.js';
import { createPhoneFinder } from './phone-finder.js';
import { createRecogniserFinder, type PiiRecogniser } from './recogniser-finder.js';

/** The kinds of personal data; `national-id` stands for all numbers that states, registers and banks give out. */
export type PiiCategory = 'card' | 'iban' | 'email' | 'phone' | 'ip' | 'national-id';

/** Which personal data is looked for. */
export interface PiiSelection {
  /** Default: all. */
  readonly categories?: readonly PiiCategory[];
  /** Countries whose numbers count, as ISO 3166-1 alpha-2; those of no country always do. Default: all. */
  readonly countries?: readonly string[];
  /** Recognisers of one's own; they come before the others. */
  readonly recognisers?: readonly PiiRecogniser[];
}

const CATEGORIES: readonly PiiCategory[] = ['card', 'iban', 'email', 'ip', 'national-id', 'phone'];

/** Makes the finders of a selection; of two that find at one place the first is taken. */
export function createPiiFinders(selection: PiiSelection = {}): readonly Finder[] {
  const categories = new Set(selection.categories ?? CATEGORIES);
  const countries = selection.countries && new Set(selection.countries);
  const make: Readonly<Record<PiiCategory, () => readonly Finder[]>> = {
    card: () => [createCardFinder()],
    iban: () => [createIbanFinder()],
    email: () => [createEmailFinder()],
    ip: () => [createIpv6Finder(), createIpv4Finder()],
    phone: () => [createPhoneFinder()],
    'national-id': () => [
      createNumberFinder(
        createNationalNumbers().filter(
          ({ country }) => country === '*' || (countries?.has(country) ?? true),
        ),
      ),
    ],
  };
  return [
    ...(selection.recognisers ?? []).map((recogniser) => createRecogniserFinder(recogniser)),
    ...CATEGORIES.filter((category) => categories.has(category)).flatMap((category) =>
      make[category](),
    ),
  ];
}
