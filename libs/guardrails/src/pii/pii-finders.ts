import type { MatchReader } from '../internal/find-matches.js';
import type { Finder } from '../internal/finder.js';
import type { PiiTagger } from '../tagger/create-pii-tagger.js';
import { TAGGER_TYPES } from '../tagger/tagger-labels.js';
import { createAgeFinder } from './age-finder.js';
import { createCardFinder } from './card-finder.js';
import { createDateFinder } from './date-finder.js';
import { createEmailFinder } from './email-finder.js';
import { createPersonalDataReader } from './find-personal-data.js';
import { createIbanFinder } from './iban-finder.js';
import { createIpv4Finder } from './ipv4-finder.js';
import { createIpv6Finder } from './ipv6-finder.js';
import { createNationalNumbers } from './national/national-numbers.js';
import { createNumberFinder } from './number-finder.js';
import { createPhoneFinder } from './phone-finder.js';
import { createPlateFinders } from './plate-finder.js';
import { createPostcodeFinder } from './postcode-finder.js';
import { createRecogniserFinder, type PiiRecogniser } from './recogniser-finder.js';
import { createUrlFinder } from './url-finder.js';
import { createUsernameFinder } from './username-finder.js';

/**
 * The kinds of personal data. `national-id` stands for all numbers that states, registers and banks give out; `person`,
 * `location`, `address`, `organization`, `title` and `nationality` need a tagger, which helps with others too.
 */
export const PII_CATEGORIES = [
  'card',
  'iban',
  'email',
  'url',
  'ip',
  'national-id',
  'date-of-birth',
  'date-time',
  'age',
  'postcode',
  'phone',
  'username',
  'person',
  'location',
  'address',
  'organization',
  'title',
  'nationality',
] as const;

/** A kind of personal data. */
export type PiiCategory = (typeof PII_CATEGORIES)[number];

/** What points to one person by itself. */
const DIRECT: readonly PiiCategory[] = [
  'card',
  'iban',
  'email',
  'phone',
  'ip',
  'national-id',
  'date-of-birth',
  'person',
  'address',
];

/** Which personal data is looked for. */
export interface PiiSelection {
  /** Default: for a rail what points to one person by itself, for a scanner all. */
  readonly categories?: readonly PiiCategory[];
  /** Countries whose numbers count, as ISO 3166-1 alpha-2; those of no country always do. Default: all. */
  readonly countries?: readonly string[];
  /** Recognisers of one's own; they come before the others. */
  readonly recognisers?: readonly PiiRecogniser[];
  /** Finds names, places, organisations, addresses and titles. Default: none, so that these are not found. */
  readonly tagger?: PiiTagger;
}

/** Makes what reads a selection; of two finders that find at one place the first is taken. */
export function createPiiReader(selection: PiiSelection = {}): MatchReader {
  const categories = new Set<string>(selection.categories ?? DIRECT);
  const finders = createPiiFinders({
    ...selection,
    categories: PII_CATEGORIES.filter((category) => categories.has(category)),
  });
  const tagged = TAGGER_TYPES.some((type) => categories.has(type));
  return createPersonalDataReader(finders, {
    tagger: tagged ? selection.tagger : undefined,
    accepts: (type) => categories.has(type),
  });
}

function createPiiFinders(
  selection: PiiSelection & { readonly categories: readonly PiiCategory[] },
): readonly Finder[] {
  const countries = selection.countries && new Set(selection.countries);
  const none = (): readonly Finder[] => [];
  const make: Readonly<Record<PiiCategory, () => readonly Finder[]>> = {
    card: () => [createCardFinder()],
    iban: () => [createIbanFinder()],
    email: () => [createEmailFinder()],
    url: () => [createUrlFinder()],
    ip: () => [createIpv6Finder(), createIpv4Finder()],
    'national-id': () => [
      createNumberFinder(
        createNationalNumbers().filter(
          ({ country }) => country === '*' || (countries?.has(country) ?? true),
        ),
      ),
      ...createPlateFinders(countries),
    ],
    'date-of-birth': () => [createDateFinder('date-of-birth')],
    'date-time': () => [createDateFinder('date-time')],
    age: () => [createAgeFinder()],
    postcode: () => [createPostcodeFinder()],
    phone: () => [createPhoneFinder()],
    username: () => [createUsernameFinder()],
    person: none,
    location: none,
    address: none,
    organization: none,
    title: none,
    nationality: none,
  };
  return [
    ...(selection.recognisers ?? []).map((recogniser) => createRecogniserFinder(recogniser)),
    ...selection.categories.flatMap((category) => make[category]()),
  ];
}
