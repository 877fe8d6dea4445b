/** Makes postal addresses and streets in the styles of many countries. */
export function createFakeAddresses({
  random,
  pick,
  chance,
  between,
  digits,
  attempt,
  lists,
  locales,
  fakerOf,
  heldOut,
  city,
  country,
  state,
  zip,
}) {
  const US_SUFFIX = [
    'Street',
    'St',
    'St.',
    'Avenue',
    'Ave',
    'Ave.',
    'Road',
    'Rd',
    'Rd.',
    'Drive',
    'Dr',
    'Lane',
    'Ln',
    'Boulevard',
    'Blvd',
    'Court',
    'Ct',
    'Place',
    'Pl',
    'Way',
    'Terrace',
    'Circle',
    'Parkway',
    'Pkwy',
    'Highway',
    'Trail',
    'Square',
    'Loop',
    'Alley',
    'Crescent',
    'Close',
    'Gardens',
    'Row',
    'Hill',
    'Walk',
  ];
  /** Rarer endings, after Publication 28 of the US Postal Service, and those of estates. */
  const RARE_SUFFIX =
    'Annex Bayou Beach Bend Bluff Branch Bridge Brook Bypass Camp Canyon Causeway Cliffs Common Corner Course Cove Creek Crest Crossing Crossroad Curve Dale Drives Estate Expressway Extension Falls Ferry Field Flats Ford Forge Forks Fort Freeway Gateway Glen Glens Green Grove Harbor Haven Heights Hills Hollow Inlet Island Isle Junction Key Knoll Knolls Landing Light Loaf Locks Lodge Manor Meadows Mews Mill Mission Motorway Neck Orchard Oval Overpass Park Pass Passage Path Pike Pines Plain Plains Plaza Point Points Port Prairie Ramp Ranch Rapid Rest Ridge Route Run Shoal Shores Skyway Spring Springs Spur Spurs Station Stravenue Stream Summit Throughway Trace Track Trafficway Tunnel Turnpike Underpass Union Valley Via Viaduct View Village Ville Vista Walks Wall Ways Wells'.split(
      ' ',
    );
  const NATURE = [
    'Oak',
    'Maple',
    'Cedar',
    'Pine',
    'Elm',
    'Washington',
    'Lake',
    'Hill',
    'Main',
    'Park',
    'Church',
    'High',
    'Mill',
    'River',
    'Spring',
    'Sunset',
    'Willow',
    'Broad',
    'Market',
    'Station',
    'Victoria',
    'Queen',
    'King',
    'School',
    'Green',
    'Meadow',
    'Forest',
    'Ridge',
    'Valley',
    'Chestnut',
    'Walnut',
    'Cherry',
    'Highland',
    'Union',
    'Franklin',
    'Jefferson',
    'Lincoln',
    'Jackson',
    'Madison',
    'Center',
    'North',
    'South',
    '2nd',
    '3rd',
    '5th',
    '12th',
    '42nd',
    'First',
    'Second',
    'Third',
  ];
  const house = () =>
    chance(0.8)
      ? String(between(1, chance(0.5) ? 200 : 9999))
      : `${between(1, 300)}${pick(['A', 'B', 'a', 'b', 'bis', '-' + between(2, 300), '/' + between(1, 40)])}`;
  const englishStreet = () => {
    const base = chance(0.55)
      ? pick(NATURE)
      : chance(0.6)
        ? pick(lists.surnames)
        : pick(lists.femaleNames);
    const direction = chance(0.12)
      ? `${pick(['N', 'S', 'E', 'W', 'N.', 'West', 'East', 'NW', 'SE'])} `
      : '';
    const more = chance(0.12) ? ` ${pick(NATURE)}` : '';
    return `${direction}${base}${more} ${pick(chance(0.35) ? RARE_SUFFIX : US_SUFFIX)}`;
  };
  const FOREIGN = {
    de: () =>
      `${pick([`${pick(lists.surnames)}straße`, `${pick(['Haupt', 'Bahnhof', 'Garten', 'Berg', 'Schul', 'Linden', 'Rosen', 'Wald', 'Kirch', 'Goethe', 'Schiller'])}${pick(['straße', 'str.', 'weg', 'platz', 'allee', 'gasse'])}`, `Am ${pick(['Markt', 'Bahnhof', 'Wall', 'Stadtpark', 'Kirchplatz'])}`])} ${house()}`,
    fr: () =>
      `${house()}${pick(['', ',', ' bis'])} ${pick(['rue', 'Rue', 'avenue', 'Avenue', 'boulevard', 'place', 'quai', 'chemin', 'impasse', 'allée'])} ${pick(['de la', 'du', 'des', 'de', "de l'", 'Saint'])} ${pick(['Paix', 'Église', 'Moulin', 'Gare', 'Fleurs', 'République', 'Michel', 'Lilas', 'Martin', 'Victor Hugo', 'Général Leclerc'])}`,
    es: () =>
      `${pick(['Calle', 'C/', 'Avenida', 'Av.', 'Avda.', 'Plaza', 'Paseo', 'Camino'])} ${pick(['de ', 'del ', 'de la ', ''])}${pick(['Mayor', 'Real', 'Sol', 'Constitución', 'San Juan', 'Cervantes', 'Colón', 'Iglesia', 'Libertad', 'Reforma', 'Goya'])}${pick([' ', ', ', ' n.º '])}${house()}${chance(0.3) ? `, ${between(1, 9)}º ${pick(['A', 'B', 'C', 'izq.', 'dcha.'])}` : ''}`,
    it: () =>
      `${pick(['Via', 'Viale', 'Piazza', 'Corso', 'Largo', 'Vicolo'])} ${pick(['Roma', 'Garibaldi', 'Dante', 'Mazzini', 'Verdi', 'della Repubblica', 'dei Mille', 'San Marco', 'Cavour', 'Leonardo da Vinci'])}${pick([' ', ', '])}${house()}`,
    pt: () =>
      `${pick(['Rua', 'R.', 'Avenida', 'Av.', 'Travessa', 'Praça', 'Largo', 'Alameda'])} ${pick(['das Flores', 'da Liberdade', 'Augusta', 'do Comércio', 'de São Paulo', '25 de Abril', 'Santos', 'Brasil', 'dos Anjos'])}${pick([', ', ' ', ', nº '])}${house()}`,
    nl: () =>
      `${pick(['Kerk', 'Dorps', 'School', 'Molen', 'Prins Hendrik', 'Wilhelmina', 'Nieuwe', 'Eiken', 'Heren', 'Julianas'])}${pick(['straat', 'weg', 'laan', 'plein', 'gracht', 'kade'])} ${house()}`,
    pl: () =>
      `${pick(['ul.', 'al.', 'os.', 'pl.'])} ${pick(['Kwiatowa', 'Polna', 'Leśna', 'Słoneczna', 'Mickiewicza', 'Długa', 'Ogrodowa', 'Piłsudskiego', 'Krótka'])} ${house()}${chance(0.3) ? ` m. ${between(1, 80)}` : ''}`,
    nordic: () =>
      `${pick(['Stor', 'Kung', 'Drottning', 'Skole', 'Kirke', 'Park', 'Sjö', 'Bjørke', 'Asema', 'Koulu', 'Ny', 'Vester', 'Nørre'])}${pick(['gatan', 'vägen', 'gade', 'vej', 'gata', 'veien', 'katu', 'tie', 'brogade', 'stræde'])} ${house()}`,
    in: () =>
      `${pick(['Flat', 'House', 'Plot', 'H.No.', 'Door No.', 'Shop'])} ${pick(['No. ', ''])}${house()}, ${pick(['Sector', 'Block', 'Phase'])} ${pick([between(1, 90), 'A', 'B', 'C', 'II'])}, ${pick(['MG Road', 'Nehru Nagar', 'Gandhi Marg', 'Lajpat Nagar', 'Banjara Hills', 'Salt Lake', 'Anna Nagar', 'Park Street', 'Linking Road'])}`,
    jp: () =>
      `${between(1, 9)}-${between(1, 30)}-${between(1, 30)} ${pick(['Shibuya', 'Ginza', 'Minato', 'Chiyoda-ku', 'Namba', 'Sakae', 'Nishi-Shinjuku'])}`,
    tr: () =>
      `${pick(['Atatürk', 'İstiklal', 'Cumhuriyet', 'Bağdat', 'Gazi', 'Lale'])} ${pick(['Caddesi', 'Cad.', 'Sokak', 'Sk.', 'Bulvarı', 'Mahallesi'])} No: ${house()}`,
    ru: () =>
      `${pick(['ул.', 'ulitsa', 'пр.', 'Ulica', 'vul.'])} ${pick(['Ленина', 'Lenina', 'Мира', 'Pushkina', 'Гагарина', 'Sadova', 'Tverskaya'])}, ${pick(['д. ', '', 'dom '])}${house()}`,
  };
  /** A foreign street without its number. */
  const foreignStreet = () =>
    attempt(
      () => fakerOf(locales()).location.street(),
      () => englishStreet(),
    );
  const FOREIGN_TRAIN = ['de', 'fr', 'es', 'it', 'pl', 'nordic', 'pt', 'jp', 'ru', 'in'];
  const FOREIGN_TEST = ['nl', 'tr', 'pt', 'in', 'de', 'fr'];
  const unit = () =>
    pick([
      `Apt ${between(1, 99)}`,
      `Apt. ${between(1, 999)}`,
      `Suite ${between(1, 999)}`,
      `Ste ${between(100, 999)}`,
      `#${between(1, 99)}`,
      `Unit ${between(1, 40)}${pick(['', 'A', 'B'])}`,
      `Floor ${between(1, 30)}`,
      `Flat ${between(1, 40)}`,
      `Apartment ${between(1, 99)}`,
      `Bldg. ${pick(['A', 'B', '4'])}`,
      `Room ${between(1, 400)}`,
      `${between(2, 40)}th floor`,
    ]);
  const streetLine = () => {
    const roll = random();
    if (roll < 0.05)
      return pick([
        `P.O. Box ${between(1, 9999)}`,
        `PO Box ${between(1, 9999)}`,
        `Postfach ${digits(4)}`,
        `BP ${between(1, 500)}`,
        `Apartado ${between(1, 900)}`,
        `Boîte postale ${between(1, 99)}`,
      ]);
    if (roll < 0.56) {
      const line = `${house()} ${englishStreet()}`;
      if (chance(0.12)) return `${unit()}${pick([', ', ' '])}${line}`;
      return chance(0.2) ? `${line}${pick([', ', ' ', '\n'])}${unit()}` : line;
    }
    if (roll < 0.78) return FOREIGN[pick(heldOut ? FOREIGN_TEST : FOREIGN_TRAIN)]();
    if (roll < 0.84) return `${house()}${pick([', ', ' '])}${foreignStreet()}`;
    const locale = locales();
    return attempt(
      () => fakerOf(locale).location.streetAddress({ useFullAddress: chance(0.3) }),
      () => `${house()} ${englishStreet()}`,
    );
  };
  const address = () => {
    const line = streetLine();
    if (chance(0.25)) return line;
    const locale = locales();
    const separator = pick([', ', ', ', ', ', '\n', '\n', ' ']);
    const town = city(locale);
    const tail = pick([
      () => `${town}, ${fakerOf('en_US').location.state({ abbreviated: true })} ${digits(5)}`,
      () => `${town} ${fakerOf('en_US').location.state({ abbreviated: true })} ${digits(5)}`,
      () => `${town}, ${fakerOf('en_US').location.state()}${chance(0.5) ? `, ${digits(5)}` : ''}`,
      () => `${zip(locale)} ${town}`,
      () => `${town} ${zip(locale)}`,
      () => `${town}, ${zip(locale)}`,
      () => town,
      () => `${town}, ${state()}`,
    ])();
    const land = chance(0.3) ? `${pick([separator, ', '])}${country()}` : '';
    return `${line}${separator}${tail}${land}`;
  };
  const street = () => {
    const roll = random();
    if (roll < 0.6) return englishStreet();
    if (roll < 0.75) return attempt(() => fakerOf(locales()).location.street(), englishStreet);
    return streetLine();
  };
  return { address, street };
}
