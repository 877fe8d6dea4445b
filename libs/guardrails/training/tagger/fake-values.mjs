import { allFakers } from '@faker-js/faker';
import { createFakeAddresses } from './fake-addresses.mjs';
import {
  COINED_BEGINNINGS,
  COINED_ENDINGS,
  COMPANY_NOUNS,
  COMPANY_TRADES,
  COMPANY_WORDS,
  GROUPS,
  KNOWN_ORGANISATIONS,
  LEGAL_FORMS,
  ROMANISED,
} from './word-lists.mjs';

/** Locales whose values a measured model never sees in training. */
export const HELD_OUT_LOCALES = ['nl', 'sv', 'tr', 'hr', 'hu', 'pt_BR', 'en_IN', 'es_MX'];
const ENGLISH = [
  'en_US',
  'en_US',
  'en_US',
  'en_GB',
  'en_GB',
  'en_AU',
  'en_CA',
  'en_IE',
  'en_NG',
  'en_ZA',
];
const OTHERS = [
  'de',
  'de_AT',
  'fr',
  'fr_CA',
  'it',
  'es',
  'pt_PT',
  'da',
  'nb_NO',
  'fi',
  'pl',
  'cs_CZ',
  'sk',
  'ro',
  'lv',
  'id_ID',
  'vi',
  'fr_SN',
  'nl_BE',
  'yo_NG',
  'af_ZA',
  'sr_RS_latin',
  'uz_UZ_latin',
  'ru',
  'uk',
  'el',
];
/** Makes the fillers of slots. `random` gives numbers in [0, 1); `lists` are word lists by name. */
export function createFakeValues({ random, lists, heldOut }) {
  const pick = (options) => options[Math.floor(random() * options.length)];
  const chance = (share) => random() < share;
  const between = (low, high) => low + Math.floor(random() * (high - low + 1));
  const digits = (count) => Array.from({ length: count }, () => between(0, 9)).join('');
  const locales = heldOut
    ? () => pick(chance(0.45) ? ENGLISH : HELD_OUT_LOCALES)
    : () => pick(chance(0.55) ? ENGLISH : OTHERS);
  const fakerOf = (locale) => allFakers[locale];
  const attempt = (make, otherwise) => {
    try {
      const value = make();
      return typeof value === 'string' && value.trim() !== '' ? value : otherwise();
    } catch {
      return otherwise();
    }
  };
  const seedAll = () => {
    for (const locale of new Set([...ENGLISH, ...OTHERS, ...HELD_OUT_LOCALES]))
      allFakers[locale].seed(Math.floor(random() * 2 ** 31));
  };
  seedAll();

  const first = (locale) => {
    if (chance(0.08)) return pick(ROMANISED.given);
    if (locale.startsWith('en_') && chance(0.45))
      return pick(chance(0.5) ? lists.femaleNames : lists.maleNames);
    return attempt(
      () => fakerOf(locale).person.firstName(),
      () => pick(lists.maleNames),
    );
  };
  const last = (locale) => {
    if (chance(0.08)) return pick(ROMANISED.family);
    if (locale.startsWith('en_') && chance(0.6)) {
      const name = pick(lists.surnames);
      if (chance(0.03)) return `O'${name}`;
      if (chance(0.03)) return `Mc${name}`;
      if (chance(0.04)) return `${name}-${pick(lists.surnames)}`;
      return name;
    }
    return attempt(
      () => fakerOf(locale).person.lastName(),
      () => pick(lists.surnames),
    );
  };
  const name = () => {
    const locale = locales();
    const form = random();
    const given = first(locale);
    const family = last(locale);
    if (form < 0.62) return `${given} ${family}`;
    if (form < 0.7) return `${given} ${pick([...'ABCDEFGHJKLMNPRSTW'])}. ${family}`;
    if (form < 0.75) return `${given} ${first(locale)} ${family}`;
    if (form < 0.79) return `${given} ${family} ${last(locale)}`;
    if (form < 0.83)
      return `${given.charAt(0)}. ${chance(0.3) ? `${pick([...'ABCDEFGHJKLMNPRSTVW'])}. ` : ''}${family}`;
    if (form < 0.87) return `${family}, ${given}`;
    if (form < 0.89) return `${given.charAt(0)}.${pick([...'ABCDEFGHJKLMNPRSTVW'])}. ${family}`;
    if (form < 0.91)
      return `${given} ${pick(['van', 'de', 'von', 'der', 'di', 'bin', 'al', 'van der', 'de la', 'Mac'])} ${family}`;
    if (form < 0.92) return `${given} ${family} ${pick(['Jr.', 'Jr', 'Sr.', 'II', 'III'])}`;
    if (form < 0.97) return given;
    return family;
  };
  const TITLES = [
    'Mr.',
    'Mrs.',
    'Ms.',
    'Dr.',
    'Mr',
    'Mrs',
    'Ms',
    'Dr',
    'Miss',
    'Prof.',
    'Prof',
    'Professor',
    'Doctor',
    'Sir',
    'Madam',
    'Rev.',
    'Judge',
    'Herr',
    'Frau',
    'Señor',
    'Mme',
    'M.',
  ];
  const title = () => (chance(0.85) ? pick(TITLES.slice(0, 9)) : pick(TITLES));

  const city = (locale = locales()) => {
    if (chance(0.35)) return pick(lists.cities);
    if (chance(0.1)) return pick(lists.wikiPlaces);
    const own = fakerOf(locale).rawDefinitions?.location?.city_name;
    if (own && own.length > 0 && chance(0.8)) return pick(own);
    return attempt(
      () => fakerOf(locale).location.city(),
      () => pick(lists.cities),
    );
  };
  const country = () =>
    chance(0.2)
      ? pick([
          'USA',
          'US',
          'U.S.',
          'UK',
          'U.K.',
          'UAE',
          'England',
          'Scotland',
          'Wales',
          'Holland',
          'America',
          'Great Britain',
          'South Korea',
          'Russia',
          'Iran',
          'Vietnam',
          'Taiwan',
          'Czechia',
          'the Netherlands',
          'EU',
          'Europe',
          'Africa',
          'Asia',
        ])
      : fakerOf('en').location.country();
  const state = () => {
    const roll = random();
    if (roll < 0.4) return fakerOf('en_US').location.state();
    if (roll < 0.75) return fakerOf('en_US').location.state({ abbreviated: true });
    return attempt(
      () => fakerOf(locales()).location.state(),
      () => 'Ohio',
    );
  };
  const zip = (locale = locales()) => {
    const roll = random();
    if (roll < 0.45) return digits(5);
    if (roll < 0.52) return `${digits(5)}-${digits(4)}`;
    return attempt(
      () => fakerOf(locale).location.zipCode(),
      () => digits(5),
    );
  };

  const { address, street } = createFakeAddresses({
    ...{ random, pick, chance, between, digits, attempt, lists, locales, fakerOf, heldOut },
    ...{ city, country, state, zip },
  });

  const coined = () =>
    `${pick(COINED_BEGINNINGS)}${pick(['a', 'i', 'o', '', ''])}${pick(COINED_ENDINGS)}`;
  const organisation = () => {
    const roll = random();
    const family = () => (chance(0.7) ? pick(lists.surnames) : last(locales()));
    if (roll < 0.18) return pick(KNOWN_ORGANISATIONS);
    if (roll < 0.34) return pick(lists.wikiOrganisations);
    if (roll < 0.46)
      return attempt(
        () => fakerOf(locales()).company.name(),
        () => `${family()} ${pick(LEGAL_FORMS)}`,
      );
    if (roll < 0.55) return `${family()} ${pick(LEGAL_FORMS)}`;
    if (roll < 0.69)
      return pick([
        `${family()} ${pick(COMPANY_TRADES)}`,
        `${family()} ${pick(COMPANY_TRADES)}`,
        `${family()}-${family()}`,
        `${family()}, ${family()} and ${family()}`,
        `${family()} & ${family()}`,
        `${family()} and Sons`,
        `${family()}-${family()}`,
        `${family()} ${pick(COMPANY_NOUNS)}`,
      ]);
    if (roll < 0.83)
      return `${pick(COMPANY_WORDS)}${pick([' ', ' ', ''])}${chance(0.3) ? `${pick(COMPANY_WORDS)} ` : ''}${pick(COMPANY_NOUNS)}${chance(0.25) ? ` ${pick(LEGAL_FORMS)}` : ''}`;
    if (roll < 0.93)
      return pick([
        `University of ${city()}`,
        `${city()} University`,
        `${city()} General Hospital`,
        `St. ${pick(lists.maleNames)}'s Hospital`,
        `${family()} Elementary School`,
        `${city()} High School`,
        `Bank of ${city()}`,
        `${city()} City Council`,
        `Ministry of ${pick(['Health', 'Defence', 'Finance', 'Education'])}`,
        `Department of ${pick(['Justice', 'Energy', 'Transportation'])}`,
        `${city()} FC`,
        `Church of ${pick(['St. Mary', 'Christ', 'Scientology'])}`,
        `${city()} Police Department`,
        `${family()} Institute`,
        `${family()} Foundation`,
      ]);
    if (roll < 0.95)
      return Array.from({ length: between(2, 4) }, () => pick([...'ABCDEFGHIKLMNOPRSTUV'])).join(
        '',
      );
    return chance(0.3)
      ? `${coined()} ${pick(chance(0.5) ? COMPANY_TRADES : LEGAL_FORMS)}`
      : coined();
  };

  const MONTHS =
    'January February March April May June July August September October November December'.split(
      ' ',
    );
  const two = (number) => String(number).padStart(2, '0');
  const date = () => {
    const [year, month, day] = [between(1935, 2026), between(1, 12), between(1, 28)];
    const full = MONTHS[month - 1];
    const short = full.slice(0, 3);
    return pick([
      () => `${month}/${day}/${year}`,
      () => `${two(day)}/${two(month)}/${year}`,
      () => `${two(month)}/${two(day)}/${String(year).slice(2)}`,
      () => `${year}-${two(month)}-${two(day)}`,
      () => `${two(day)}.${two(month)}.${year}`,
      () => `${two(day)}-${two(month)}-${year}`,
      () => `${full} ${day}, ${year}`,
      () => `${day} ${full} ${year}`,
      () => `${short} ${day}, ${year}`,
      () => `${day} ${short} ${year}`,
      () =>
        `${full} ${day}${day % 10 === 1 && day !== 11 ? 'st' : day % 10 === 2 && day !== 12 ? 'nd' : day % 10 === 3 && day !== 13 ? 'rd' : 'th'}${chance(0.5) ? `, ${year}` : ''}`,
      () => `${full} ${year}`,
      () => `${full} ${day}`,
      () => `${day} ${full}`,
      () => String(year),
      () => `${two(day)}-${short}-${year}`,
      () => pick(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']),
    ])();
  };
  const time = () =>
    pick([
      `${between(1, 12)}:${two(between(0, 59))} ${pick(['am', 'pm', 'AM', 'PM', 'a.m.', 'p.m.'])}`,
      `${two(between(0, 23))}:${two(between(0, 59))}`,
      `${between(1, 12)}${pick(['am', 'pm', ' am', ' PM'])}`,
      `${two(between(0, 23))}:${two(between(0, 59))}:${two(between(0, 59))}`,
    ]);
  const dateTime = () => {
    const day = `${between(2015, 2026)}-${two(between(1, 12))}-${two(between(1, 28))}`;
    const clock = `${two(between(0, 23))}:${two(between(0, 59))}:${two(between(0, 59))}`;
    return pick([`${day} ${clock}`, `${day}T${clock}Z`, `${day}T${clock}`]);
  };
  const luhn = (prefix, length) => {
    const body = prefix + digits(length - prefix.length - 1);
    let sum = 0;
    for (let index = 0; index < body.length; index += 1) {
      const digit = Number(body[body.length - 1 - index]);
      const doubled = index % 2 === 0 ? digit * 2 : digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return body + String((10 - (sum % 10)) % 10);
  };
  const card = () => {
    const number = pick([
      () => luhn('4', 16),
      () => luhn(`5${between(1, 5)}`, 16),
      () => luhn('37', 15),
      () => luhn('34', 15),
      () => luhn('6011', 16),
      () => luhn('3530', 16),
      () => luhn('36', 14),
    ])();
    return number.length === 16 && chance(0.3)
      ? number.replace(/(\d{4})(?=\d)/g, `$1${pick(['-', ' '])}`)
      : number;
  };
  const user = () =>
    pick([
      `${first('en_US').toLowerCase()}${digits(2)}`,
      `${last('en_US').toLowerCase()}_${first('en_US').toLowerCase()}`,
      `${first('en_US')}${digits(4)}`,
      `x${digits(3)}${last('en_US').toLowerCase()}`,
    ]);
  const ascii = (text) =>
    text
      .normalize('NFKD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase() || 'info';
  const domain = () =>
    `${ascii(pick(COMPANY_WORDS))}${ascii(pick(COMPANY_NOUNS))}.${pick(['com', 'org', 'net', 'co.uk', 'de', 'fr', 'io', 'edu', 'gov', 'info', 'com.br', 'it'])}`;
  const usPhone = () => {
    const [a, b, c] = [`${between(2, 9)}${digits(2)}`, `${between(2, 9)}${digits(2)}`, digits(4)];
    return pick([
      `(${a}) ${b}-${c}`,
      `${a}-${b}-${c}`,
      `${a}.${b}.${c}`,
      `${a} ${b} ${c}`,
      `+1 ${a}-${b}-${c}`,
      `+1${a}${b}${c}`,
      `1-${a}-${b}-${c}`,
      `${a}-${b}-${c} x${digits(3)}`,
      `${a}-${b}-${c}x${digits(between(3, 5))}`,
      `(${a})${b}-${c}${pick(['', `x${digits(4)}`, ` ext. ${digits(3)}`])}`,
      `001-${a}-${b}-${c}`,
    ]);
  };

  const makers = {
    NAME: () => [['person', name()]],
    FIRST: () => [['person', first(locales())]],
    LAST: () => [['person', last(locales())]],
    TITLE: () => [['title', title()]],
    TITLED: () => {
      const locale = locales();
      return [
        ['title', title()],
        [undefined, ' '],
        ['person', chance(0.7) ? last(locale) : `${first(locale)} ${last(locale)}`],
      ];
    },
    ADDRESS: () => [['address', address()]],
    STREET: () => [['address', street()]],
    CITY: () => [['location', city()]],
    STATE: () => [['location', state()]],
    COUNTRY: () => [['location', country()]],
    PLACE: () => [['location', pick([city, city, country, state, () => pick(lists.wikiPlaces)])()]],
    ORG: () => [['organization', organisation()]],
    NRP: () => [['nationality', pick(GROUPS)]],
    AGE: () => [['age', String(between(chance(0.1) ? 1 : 16, 97))]],
    DATE: () => [['date-time', date()]],
    TIME: () => [['date-time', time()]],
    DATETIME: () => [['date-time', dateTime()]],
    ZIP: () => [['postcode', zip()]],
    JOB: () => [
      [
        undefined,
        chance(0.5)
          ? fakerOf('en').person.jobTitle()
          : fakerOf('en').person.jobType().toLowerCase(),
      ],
    ],
    PHONE: () => [
      [
        'phone',
        chance(0.5)
          ? usPhone()
          : attempt(
              () =>
                fakerOf(locales()).phone.number({
                  style: pick(['human', 'national', 'international']),
                }),
              usPhone,
            ),
      ],
    ],
    EMAIL: () => [
      [
        'email',
        `${ascii(first('en_US'))}${pick(['.', '_', ''])}${ascii(last('en_US'))}${chance(0.3) ? digits(2) : ''}@${chance(0.5) ? domain() : pick(['gmail.com', 'yahoo.com', 'hotmail.com', 'gmx.de', 'example.org'])}`,
      ],
    ],
    CARD: () => [['card', card()]],
    IBAN: () => [['iban', fakerOf('en').finance.iban({ formatted: chance(0.3) })]],
    SSN: () => [
      [
        'us-ssn',
        `${between(1, 665).toString().padStart(3, '0')}-${two(between(1, 99))}-${String(between(1, 9999)).padStart(4, '0')}`,
      ],
    ],
    URL: () => [
      [
        'url',
        pick([
          `https://www.${domain()}/${pick(['', 'about', 'index.html', 'user?id=' + digits(3)])}`,
          `http://${domain()}/`,
          `www.${domain()}`,
          domain(),
        ]),
      ],
    ],
    IP: () => [
      ['ip', chance(0.85) ? fakerOf('en').internet.ipv4() : fakerOf('en').internet.ipv6()],
    ],
    USER: () => [['username', user()]],
    DL: () => [
      [
        'us-driver-license',
        pick([
          `${pick([...'ABCDEFGHKLMS'])}${digits(7)}`,
          `${pick([...'ABCDEFGHKLMS'])}${digits(12)}`,
          digits(8),
          digits(9),
          `${pick([...'ABCDEFGHKLMS'])}${digits(3)}-${digits(4)}-${digits(4)}`,
        ]),
      ],
    ],
    PASSPORT: () => [['us-passport', pick([digits(9), `${pick([...'ABCDEFGHK'])}${digits(8)}`])]],
    PLATE: () => [
      [
        undefined,
        `${pick([...'ABCDEFG'])}${pick([...'KLMNOP'])}${digits(2)} ${pick([...'RSTUV'])}${pick([...'RSTUV'])}${pick([...'WXYZ'])}`,
      ],
    ],
    CRYPTO: () => [
      [
        'crypto',
        pick([
          '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
          '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
          'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
        ]),
      ],
    ],
    ID: () => [
      [undefined, pick([digits(8), `${pick([...'ABCD'])}${digits(9)}`, `POL-${digits(6)}`])],
    ],
    ORDER: () => [
      [
        undefined,
        pick([
          `#${digits(6)}`,
          `${pick(['AB', 'LH', 'BA', 'KX'])}${digits(4)}`,
          `ORD-${digits(8)}`,
          `${pick(['AB', 'TK', 'NR', 'INV', 'CS'])}-${digits(between(4, 6))}`,
        ]),
      ],
    ],
    MONEY: () => [
      [
        undefined,
        pick([
          `$${between(5, 9000)}`,
          `${between(5, 900)} euros`,
          `€${between(1, 99)}.${digits(2)}`,
          `${between(1, 90)} million dollars`,
          `£${digits(3)}`,
        ]),
      ],
    ],
    NUM: () => [[undefined, String(between(1, 999))]],
  };
  return { makers, pick, chance };
}
