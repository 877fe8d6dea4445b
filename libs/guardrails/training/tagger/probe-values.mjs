import { PROBE_LISTS } from './probe-lists.mjs';

/** Makes the fillers of the probe's slots: `{ makers, pick }` as `makeSentences` takes them. `random` gives numbers in [0, 1). */
export function createProbeValues(random) {
  const pick = (options) => options[Math.floor(random() * options.length)];
  const chance = (share) => random() < share;
  const between = (low, high) => low + Math.floor(random() * (high - low + 1));
  const digits = (count) => Array.from({ length: count }, () => between(0, 9)).join('');
  const two = (number) => String(number).padStart(2, '0');
  const from = (name) => pick(PROBE_LISTS[name]);
  const plain = (text) =>
    text
      .normalize('NFKD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase();
  const initial = () => `${pick([...'ABCDEFGHJKLMNPRSTV'])}.`;

  const name = () =>
    pick([
      () => `${from('given')} ${from('family')}`,
      () => `${from('given')} ${from('family')}`,
      () => `${from('given')} ${from('family')}`,
      () => `${from('given')} ${initial()} ${from('family')}`,
      () => `${from('given')} ${from('given')} ${from('family')}`,
      () => `${from('given')} ${from('family')}-${from('family')}`,
    ])();
  const initialName = () =>
    pick([
      () => `${initial()} ${from('family')}`,
      () => `${initial()}${initial()} ${from('family')}`,
      () => `${initial()} ${initial()} ${from('family')}`,
    ])();
  const zip = () =>
    pick([
      () => digits(5),
      () => digits(5),
      () => `${digits(5)}-${digits(4)}`,
      () =>
        `${pick(['SW', 'LS', 'CF', 'EH', 'M'])}${between(1, 9)} ${between(1, 9)}${pick(['AB', 'XJ', 'QT', 'LN'])}`,
      () => `${pick(['K', 'M', 'V', 'H'])}${between(1, 9)}A ${between(1, 9)}B${between(1, 9)}`,
      () => digits(4),
      () => `${digits(2)}-${digits(3)}`,
    ])();
  const street = () =>
    chance(0.65) ? `${from('englishStreets')} ${from('streetEndings')}` : from('streets');
  const streetLine = () => {
    if (chance(0.65)) {
      const line = `${between(1, 9800)} ${from('englishStreets')} ${from('streetEndings')}`;
      return chance(0.25)
        ? `${line}${pick([', ', ' '])}${pick([`Apt ${digits(2)}`, `Suite ${digits(3)}`, `Flat ${between(1, 9)}`, `#${digits(2)}`, `Unit ${pick([...'ABC'])}`])}`
        : line;
    }
    const road = from('streets');
    return pick([
      `${road} ${between(1, 180)}`,
      `${between(1, 90)}, ${road}`,
      `${between(1, 90)} ${road}`,
    ]);
  };
  const address = (separator = ', ') =>
    pick([
      () => `${streetLine()}${separator}${from('cities')}, ${from('regions')} ${digits(5)}`,
      () => `${streetLine()}${separator}${from('cities')}${separator}${zip()}`,
      () => `${streetLine()}${separator}${zip()} ${from('cities')}`,
      () => `${streetLine()}${separator}${zip()} ${from('cities')}${separator}${from('countries')}`,
      () => `${streetLine()}${separator}${from('cities')}`,
      () => streetLine(),
    ])();

  const organisation = () =>
    pick([
      () => from('known'),
      () => `${from('family')} ${from('trades')}`,
      () => `${from('family')} & ${from('family')}`,
      () => `${from('family')}, ${from('family')} and ${from('family')}`,
      () => `${from('family')} ${from('legal')}`,
      () => `${from('family')}-${from('family')}`,
      () => from('coined'),
      () => `${from('coined')} ${from('legal')}`,
      () => `${from('coined')} ${from('trades')} ${from('legal')}`,
      () =>
        `${from('cities')} ${pick(['Cricket Club', 'Tramways', 'Housing Association', 'Polytechnic', 'Water Board'])}`,
      () =>
        `${pick(['Museum', 'Royal Theatre', 'Technical University', 'Port Authority'])} of ${from('cities')}`,
    ])();

  const MONTHS =
    'January February March April May June July August September October November December'.split(
      ' ',
    );
  const date = () => {
    const [year, month, day] = [between(1940, 2027), between(1, 12), between(1, 28)];
    const full = MONTHS[month - 1];
    return pick([
      `${two(month)}/${two(day)}/${year}`,
      `${day}.${month}.${year}`,
      `${year}-${two(month)}-${two(day)}`,
      `${full} ${day}, ${year}`,
      `${day} ${full} ${year}`,
      `${day}${day === 1 || day === 21 ? 'st' : day === 2 || day === 22 ? 'nd' : day === 3 || day === 23 ? 'rd' : 'th'} of ${full}`,
      `${full} ${day}`,
      `${full} ${year}`,
      `${two(day)}-${full.slice(0, 3)}-${year}`,
      `${full.slice(0, 3)} ${day} ${year}`,
      String(year),
      pick(['Monday', 'Wednesday', 'Friday', 'Sunday']),
    ]);
  };
  const time = () =>
    pick([
      `${between(1, 12)}:${two(between(0, 59))} ${pick(['am', 'PM', 'p.m.'])}`,
      `${between(1, 12)}${pick(['am', 'pm'])}`,
      `${two(between(0, 23))}:${two(between(0, 59))}`,
    ]);
  const withLuhn = (body) => {
    const sum = [...body].reverse().reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    return `${body}${(10 - (sum % 10)) % 10}`;
  };
  const card = () => {
    const number = withLuhn(
      pick([
        `4${digits(14)}`,
        `52${digits(13)}`,
        `37${digits(12)}`,
        `6011${digits(11)}`,
        `4${digits(11)}`,
      ]),
    );
    return number.length === 16 && chance(0.4) ? number.replace(/(\d{4})(?=\d)/g, '$1 ') : number;
  };
  const iban = () => {
    const [country, body] = pick([
      ['DE', digits(18)],
      ['GB', `LOYD${digits(14)}`],
      ['FR', digits(23)],
      ['NO', digits(11)],
      ['PL', digits(24)],
    ]);
    const asDigits = [...`${body}${country}00`].map((one) => parseInt(one, 36)).join('');
    const check = 98n - (BigInt(asDigits) % 97n);
    const whole = `${country}${String(check).padStart(2, '0')}${body}`;
    return chance(0.4) ? whole.replace(/(.{4})(?=.)/g, '$1 ') : whole;
  };
  const phone = () => {
    const [a, b, c] = [`${between(2, 9)}${digits(2)}`, `${between(2, 9)}${digits(2)}`, digits(4)];
    return pick([
      () => `${a}-${b}-${c}`,
      () => `(${a})${pick([' ', ''])}${b}-${c}`,
      () => `${a}.${b}.${c}`,
      () => `${a}${b}${c}`,
      () => `+1-${a}-${b}-${c}`,
      () => `001-${a}-${b}-${c}${pick(['', `x${digits(3)}`, `x${digits(5)}`])}`,
      () => `${a}-${b}-${c}x${digits(4)}`,
      () => `(${a})${b}-${c} ext. ${digits(3)}`,
      () => `+44 (0)${between(20, 29)} ${digits(4)} ${digits(4)}`,
      () => `07${digits(3)} ${digits(6)}`,
      () => `+49 ${between(30, 89)} ${digits(7)}`,
      () => `0${between(30, 89)} / ${digits(7)}`,
      () => `+33 ${between(1, 7)} ${digits(2)} ${digits(2)} ${digits(2)} ${digits(2)}`,
      () => `0${between(1, 7)} ${digits(2)} ${digits(2)} ${digits(2)} ${digits(2)}`,
      () => `+48 ${digits(3)} ${digits(3)} ${digits(3)}`,
      () => `${between(600, 799)} ${digits(3)} ${digits(3)}`,
      () => `(0${between(10, 99)}) ${digits(4)} ${digits(4)}`,
    ])();
  };
  const host = () =>
    `${plain(chance(0.5) ? from('coined') : from('family'))}${pick(['', '-shop', 'group'])}.${pick(['com', 'net', 'org', 'co.uk', 'fi', 'pl', 'io', 'biz'])}`;
  const lower = (make) => make().toLowerCase();
  const typed = (type, make) => () => [[type, make()]];

  const makers = {
    NAME: typed('person', name),
    FIRST: typed('person', () => from('given')),
    LAST: typed('person', () => from('family')),
    LASTFIRST: typed('person', () => `${from('family')}, ${from('given')}`),
    INITIALNAME: typed('person', initialName),
    UPPERNAME: typed('person', () => name().toUpperCase()),
    LOWERNAME: typed('person', () => lower(name)),
    LOWERFIRST: typed('person', () => lower(() => from('given'))),
    TITLE: typed('title', () =>
      pick(['Mr.', 'Mrs.', 'Ms.', 'Dr.', 'Mr', 'Mrs', 'Ms', 'Dr', 'Miss', 'Prof.']),
    ),
    ADDRESS: typed('address', address),
    MULTILINE: typed('address', () => address('\n')),
    LOWERADDRESS: typed('address', () => lower(address)),
    STREET: typed('address', street),
    STREETLINE: typed('address', streetLine),
    CITY: typed('location', () => from('cities')),
    LOWERCITY: typed('location', () => lower(() => from('cities'))),
    COUNTRY: typed('location', () => from('countries')),
    STATE: typed('location', () => from('regions')),
    ZIP: typed('postcode', zip),
    ORG: typed('organization', organisation),
    UPPERORG: typed('organization', () => organisation().toUpperCase()),
    LOWERORG: typed('organization', () => lower(() => from('known'))),
    NRP: typed('nationality', () => from('groups')),
    AGE: typed('age', () => String(between(3, 98))),
    DATE: typed('date-time', date),
    TIME: typed('date-time', time),
    CARD: typed('card', card),
    IBAN: typed('iban', iban),
    PHONE: typed('phone', phone),
    EMAIL: typed(
      'email',
      () =>
        `${plain(from('given'))}${pick(['.', '_', ''])}${plain(from('family'))}@${chance(0.5) ? host() : pick(['gmail.com', 'outlook.com', 'example.net'])}`,
    ),
    URL: typed('url', () =>
      pick([`https://www.${host()}/`, `http://${host()}/contact`, `www.${host()}`, host()]),
    ),
    IP: typed(
      'ip',
      () => `${between(1, 223)}.${between(0, 255)}.${between(0, 255)}.${between(1, 254)}`,
    ),
    SSN: typed(
      'us-ssn',
      () => `${between(101, 665)}-${two(between(1, 99))}-${digits(3)}${between(1, 9)}`,
    ),
    DL: typed('us-driver-license', () =>
      pick([
        `${pick([...'BCDFGM'])}${digits(12)}`,
        `${pick([...'BCDFGM'])}${digits(7)}`,
        digits(8),
      ]),
    ),
    ACCOUNT: typed('us-bank-account', () => digits(between(9, 12))),
    JOB: typed(undefined, () => from('jobs')),
    MONEY: typed(undefined, () =>
      pick([`$${between(10, 900)}`, `${between(10, 900)} euros`, `£${digits(3)}.50`]),
    ),
    NUM: typed(undefined, () => String(between(2, 400))),
    ORDER: typed(undefined, () => pick([`#${digits(6)}`, `RX-${digits(5)}`, `B${digits(4)}`])),
  };
  return { makers, pick };
}
