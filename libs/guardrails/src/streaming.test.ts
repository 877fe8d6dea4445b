import { createSeededRandom } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { cutAtRandom, guardInPieces } from './__fixtures__/guard-in-pieces.js';
import { makeSecrets } from './__fixtures__/make-secrets.js';
import { samplePattern } from './__fixtures__/sample-pattern.js';
import { createGuardrails } from './create-guardrails.js';
import { createPiiRail } from './pii/create-pii-rail.js';
import { createNationalNumbers } from './pii/national/national-numbers.js';
import { createSecretsRail } from './secrets/create-secrets-rail.js';

const guardrails = createGuardrails({ rails: [createSecretsRail(), createPiiRail()] });
const secret = (category: string): string =>
  makeSecrets().find(([name]) => name === category)?.[1] ?? '';

const SAMPLES: Readonly<Record<string, string>> = {
  prose:
    'The quick brown fox. It jumps over 13 lazy dogs, e.g. on 2024-01-15 at 12:30:45 (v1.2.3.4), 50 % off!',
  pii:
    'Mail jane.doe+x@mail.example.co.uk, pay 4111 1111 1111 1111 2027 or 378282246310005. IBAN GB82 WEST 1234 5698 ' +
    '7654 32; call +44 20 7946 0958, tel: 030 1234567 or (415) 555-2671 from 2001:db8::ff00:42:8329 and 203.0.113.7.',
  numbers:
    'SSN 078-05-1121, NHS number 943 476 5919 and PESEL 44051401359; passport: C01234567. DNI 12345678Z, tax 12-3456789, ' +
    'codice fiscale RCCMNL83S18D969H of the bank DEUTDEFF500 (swift), d0:50:99:84:a2:a0 GB 002 4257 28 S1234567D.',
  headers: `curl -u deploy:h4rdToGuess9 -H "Authorization: Bearer ${secret('secret.assignment')}" x\nkind: Secret\ndata:\n  a-b: c2VjcmV0IHBocmFzZSE=\n  q: ab\n adafruit_io_key = "${secret('secret.assignment')}" curl -u`,
  tokens: `A ${secret('secret.github')}, ${secret('secret.aws-access-key')}; key=${secret('secret.anthropic')}.`,
  assignment: `DB_PASSWORD = "${secret('secret.assignment')}" and token: ${secret('secret.assignment')} postgres://u:s3cr3tpass@db/x`,
  nested: `secret=${secret('secret.stripe')}@mail.example.com a@b@c.example.com 4111-1111-1111-1111@x.org sk-sk-sk-`,
  jwt: `Bearer ${secret('secret.jwt')}. eyJhbGciOiJub25lIn0.eyJ.eyJ`,
  surrogates: 'a😀b😀@example.org \ud83d x \ude00 😀😀 mail😀me@example.org \ud83d',
  tails: 'the + sign ( and (+ or -----BEGIN x -----B :// a:/ DE8 GB82 glpa eyJ ghp_ sk- passwor',
};

describe.each(Object.entries(SAMPLES))('a stream of %s', (_, text) => {
  it('releases in any two pieces what a check of the whole text gives', async () => {
    const whole = await guardrails.check({ point: 'output', text });
    for (let cut = 0; cut <= text.length; cut += 1) {
      const streamed = await guardInPieces(guardrails, [text.slice(0, cut), text.slice(cut)]);
      expect(streamed.text, `cut at ${cut}`).toBe(whole.text);
    }
  });

  it('releases in random pieces, and character by character, what a check of the whole text gives', async () => {
    const whole = await guardrails.check({ point: 'output', text });
    const random = createSeededRandom(11);
    for (const longest of [1, 2, 3, 5, 9, 17, 40, 3, 5, 9, 17]) {
      const pieces = cutAtRandom(text, random, longest);
      expect((await guardInPieces(guardrails, pieces)).text, `pieces of up to ${longest}`).toBe(
        whole.text,
      );
    }
  });

  it('never has released more than the whole text allows, whatever follows', async () => {
    const whole = await guardrails.check({ point: 'output', text });
    const stream = guardrails.openStream({ point: 'output' });
    let released = '';
    for (const character of text.split('')) {
      released += (await stream.push(character)).text;
      expect(whole.text.startsWith(released)).toBe(true);
    }
  });
});

describe('a stream of the numbers of states', () => {
  it('releases character by character what a check of the whole text gives', async () => {
    const random = createSeededRandom(5);
    for (const { pattern, context } of createNationalNumbers()) {
      const text = `The ${context[0] ?? ''} is ${samplePattern(pattern, random)} 4 or ${samplePattern(pattern, random)}, and so on.`;
      const whole = await guardrails.check({ point: 'output', text });
      expect((await guardInPieces(guardrails, text.split(''))).text, text).toBe(whole.text);
    }
  });
});

describe('a stream of mixed content', () => {
  it('releases what a check of the whole text gives for random documents in random pieces', async () => {
    const random = createSeededRandom(3);
    const fragments = [
      ...makeSecrets(5).map(([, value]) => value),
      ...Object.values(SAMPLES),
      ...' \n.,:;"\'=-_@/()+0123456789abcdefXYZ'.split(''),
      'password',
      'token = ',
      'Phone ',
      'SSN ',
      'authorization: ',
      '\ndata:\n  ',
      ' -u ',
      'GB ',
      '123-45-',
      '://',
    ];
    for (let round = 0; round < 60; round += 1) {
      let text = '';
      for (let count = 0; count < 25; count += 1)
        text += fragments[Math.floor(random.next() * fragments.length)] ?? '';
      const whole = await guardrails.check({ point: 'output', text });
      const streamed = await guardInPieces(guardrails, cutAtRandom(text, random, 60));
      expect(streamed.text, `round ${round}`).toBe(whole.text);
    }
  });
});
