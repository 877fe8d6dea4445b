import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { cutAtRandom } from '../__fixtures__/guard-in-pieces.js';
import { createReidentifier, reidentify, type ReidentifierOptions } from './create-reidentifier.js';
import { createPseudonymVault } from './pseudonym-vault.js';

const vault = createPseudonymVault();
for (let number = 1; number <= 12; number += 1) vault.pseudonymOf('person', `Jane "${number}" Roe`);
vault.pseudonymOf('email', 'jane@example.org');

function inPieces(pieces: readonly string[], options: ReidentifierOptions = { vault }): string {
  const reidentifier = createReidentifier(options);
  return pieces.map((piece) => reidentifier.push(piece)).join('') + reidentifier.end();
}

const TEXT =
  '[[PERSON_1] wrote [PERSON_12][PERSON_2]: "[PERSON_99]", [PERSON_1 or [EMAIL_1]. [PERSON_';
const RESTORED =
  '[Jane "1" Roe wrote Jane "12" RoeJane "2" Roe: "[PERSON_99]", [PERSON_1 or jane@example.org. [PERSON_';

describe('re-identification', () => {
  it('puts back what the vault knows, and leaves what only looks like it', () => {
    expect(reidentify(TEXT, { vault })).toBe(RESTORED);
  });

  it('gives the same for every split into two and three', () => {
    for (let first = 0; first <= TEXT.length; first += 1) {
      for (let second = first; second <= TEXT.length; second += 1) {
        const pieces = [TEXT.slice(0, first), TEXT.slice(first, second), TEXT.slice(second)];
        expect(inPieces(pieces)).toBe(RESTORED);
      }
    }
  });

  it('gives the same character by character and for random splits', () => {
    const random = createSeededRandom(3);
    expect(inPieces(TEXT.split(''))).toBe(RESTORED);
    for (let round = 0; round < 50; round += 1)
      expect(inPieces(cutAtRandom(TEXT, random, 9))).toBe(RESTORED);
  });

  it('writes originals into the JSON of a tool call so that it stays JSON, for every split', () => {
    const call = JSON.stringify({ to: ['[EMAIL_1]'], text: 'Dear [PERSON_3],\nhello', n: [1] });
    const wanted = { to: ['jane@example.org'], text: 'Dear Jane "3" Roe,\nhello', n: [1] };
    for (let at = 0; at <= call.length; at += 1) {
      const restored = inPieces([call.slice(0, at), call.slice(at)], { vault, escape: 'json' });
      expect(JSON.parse(restored)).toEqual(wanted);
    }
  });

  it('holds back no more than the beginning of a pseudonym', () => {
    const reidentifier = createReidentifier({ vault });
    expect(reidentifier.push('See [PER')).toBe('See ');
    expect(reidentifier.push('HAPS] [PERSON_1')).toBe('[PERHAPS] ');
    expect(reidentifier.push(']!')).toBe('Jane "1" Roe!');
    expect(reidentifier.end()).toBe('');
  });

  it('takes the longest of pseudonyms that begin alike', () => {
    const names = createPseudonymVault({ format: (_, number) => (number === 1 ? 'Ann' : 'Anna') });
    names.pseudonymOf('person', 'First');
    names.pseudonymOf('person', 'Second');
    for (let at = 0; at <= 10; at += 1)
      expect(inPieces(['Ann, Anna.'.slice(0, at), 'Ann, Anna.'.slice(at)], { vault: names })).toBe(
        'First, Second.',
      );
  });

  it('copes with nothing, and with lone surrogates', () => {
    expect(inPieces([])).toBe('');
    expect(inPieces(['\ud800[', '\udc00'])).toBe('\ud800[\udc00');
  });
});
