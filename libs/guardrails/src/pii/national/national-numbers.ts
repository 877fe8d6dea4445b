import { createAmericanNumbers } from './americas.js';
import { createAsianAfricanPacificNumbers } from './asia-africa-pacific.js';
import { createEasternEuropeanNumbers } from './eastern-europe.js';
import { createWesternEuropeanNumbers } from './europe.js';
import { createInternationalNumbers } from './international.js';
import { createPapers } from './papers.js';
import { createSouthernEuropeanNumbers } from './southern-europe.js';
import type { NationalNumber } from './recogniser.js';

/** Makes the table of all numbers that states, registers and banks give out and that the PII rail knows. */
export function createNationalNumbers(): readonly NationalNumber[] {
  return [
    // First, as others of the same form have fewer words near them.
    ...createPapers(),
    ...createInternationalNumbers(),
    ...createAmericanNumbers(),
    ...createWesternEuropeanNumbers(),
    ...createSouthernEuropeanNumbers(),
    ...createEasternEuropeanNumbers(),
    ...createAsianAfricanPacificNumbers(),
  ];
}
