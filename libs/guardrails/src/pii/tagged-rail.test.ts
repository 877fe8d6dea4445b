import { readFileSync } from 'node:fs';
import { createSeededRandom } from '@espalier/core';
import { weightsFile } from '@espalier/model-pii-tagger';
import { describeRailConformance } from '@espalier/testing/conformance';
import { describe, expect, it } from 'vitest';
import { cutAtRandom, guardInPieces } from '../__fixtures__/guard-in-pieces.js';
import { createGuardrails } from '../create-guardrails.js';
import { createPseudonymVault, reidentify } from '../operators/index.js';
import { createPiiTagger } from '../tagger/create-pii-tagger.js';
import { createPiiRail } from './create-pii-rail.js';
import { PII_CATEGORIES } from './pii-finders.js';
import { createPiiScanner } from './find-pii.js';

const tagger = createPiiTagger(new Uint8Array(readFileSync(weightsFile)));

describeRailConformance('createPiiRail with a tagger', {
  create: () => createPiiRail({ tagger, categories: PII_CATEGORIES }),
  samples: [
    { text: 'Please restart the application after installing the update.', action: 'allow' },
    { text: 'My name is Anna Kowalska and I live in Paris.', action: 'redact' },
    {
      text: 'Write to Anna Kowalska, 12 Oak Street, Springfield, IL 62701, or anna@example.org, +49 30 901820.',
      action: 'redact',
    },
  ],
});

const TEXT =
  'Dear Mr. Miller, Anna Kowalska (anna@example.org, SSN 536-22-1234) lives at 12 Oak Street, Springfield, IL 62701. ' +
  'Call her on +49 30 901820 or at https://example.org/anna?x=1, born 12 March 1984, aged 41.\n\nAnna';

describe('the PII rail with a tagger', () => {
  const guard = createGuardrails({
    rails: [createPiiRail({ tagger, categories: PII_CATEGORIES })],
  });

  it('releases no character of a person for any split', async () => {
    const { text: expected } = await guard.check({ point: 'output', text: TEXT });
    expect(expected).not.toMatch(/Anna|Kowalska|Miller|Oak|Springfield|536|901820|example/);
    for (let at = 0; at <= TEXT.length; at += 1) {
      const { text, releases } = await guardInPieces(guard, [TEXT.slice(0, at), TEXT.slice(at)]);
      expect(text).toBe(expected);
      expect(expected.startsWith(releases[0]?.text ?? '')).toBe(true);
    }
    const random = createSeededRandom(4);
    for (let round = 0; round < 10; round += 1)
      expect((await guardInPieces(guard, cutAtRandom(TEXT, random, 12))).text).toBe(expected);
    expect((await guardInPieces(guard, TEXT.split(''))).text).toBe(expected);
  });

  it('lets through by default what does not point to a person by itself', async () => {
    const usual = createGuardrails({ rails: [createPiiRail({ tagger })] });
    const text = 'Anna Kowalska lives in Germany and works for Siemens AG since 2024-02-03.';
    expect((await usual.check({ point: 'output', text })).text).toBe(
      '[redacted:person] lives in Germany and works for Siemens AG since 2024-02-03.',
    );
  });

  it('gives people pseudonyms that come back', async () => {
    const vault = createPseudonymVault();
    const rail = createPiiRail({ tagger, operators: { '*': { type: 'pseudonym', vault } } });
    const pseudonymous = createGuardrails({ rails: [rail] });
    const { text } = await pseudonymous.check({
      point: 'input',
      text: 'Is Anna Kowalska at home? Anna Kowalska, I mean.',
    });
    expect(text).toBe('Is [PERSON_1] at home? [PERSON_1], I mean.');
    expect(reidentify(`No, [PERSON_1] left.`, { vault })).toBe('No, Anna Kowalska left.');
  });
});

describe('the scanner with a tagger', () => {
  const scanner = createPiiScanner({ tagger });
  const found = (text: string): string[] =>
    scanner.find(text).map(({ type, start, end }) => `${type}: ${text.slice(start, end)}`);

  it('lets a proved form stand before a guess, and an address keep its post code', () => {
    expect(found('Write to anna@example.org now')).toEqual(['email: anna@example.org']);
    expect(found('Ship it to 12 Oak Street, Springfield, IL 62701 please').join()).toMatch(
      /^address: 12 Oak Street, Springfield, IL 62701$/,
    );
  });

  it('takes the rest of a code for no post code', () => {
    expect(found('Ticket RX-27158 was opened on Monday, batch RX-43806 on Friday.').join()).toBe(
      'date-time: Monday,date-time: Friday',
    );
  });

  it('finds in order and without overlap, in long and odd texts too', () => {
    const text = `${TEXT} \ud800 \u0000 ${'A'.repeat(5000)} ${TEXT.repeat(20)}`;
    let end = 0;
    for (const one of scanner.find(text)) {
      expect(one.start).toBeGreaterThanOrEqual(end);
      expect(one.end).toBeGreaterThan(one.start);
      end = one.end;
    }
  });
});
