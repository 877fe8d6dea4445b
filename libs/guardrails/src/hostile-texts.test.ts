import type { Guardrails } from '@espalier/core';
import { describe, expect, it, vi } from 'vitest';
import { compilePolicy } from './policy/compile-policy.js';
import { policyLibrary } from './policy/policy-library.js';

// Many texts through all rails, on a machine that others may use too.
vi.setConfig({ testTimeout: 240_000 });

const SIZE = 8_000;
const run = (unit: string): string => unit.repeat(Math.ceil(SIZE / unit.length));
/** What rails, decoders and splitters may choke on. */
const TEXTS: Readonly<Record<string, string>> = {
  nothing: '',
  'white space': run(' \n\t'),
  'one letter': run('a'),
  'one digit': run('7'),
  'signs alone': run('-._/@:'),
  'brackets that nest': run('[') + run(']'),
  'braces and quotes of JSON that never ends': run('{"a":['),
  'tags that never end': run('<img src="'),
  'links that never end': run('![a](b'),
  'mail addresses without an end': run('a@b.'),
  'one run of base64': run('SGVsbG8gd29ybGQh'),
  'hexadecimal digits': run('4a6f'),
  'a thousand levels of URL encoding': `%${'25'.repeat(1_000)}41`,
  'a thousand levels of entities': `&${'amp;'.repeat(1_000)}lt;b`,
  'escapes of JSON': run(String.raw`\u0041`),
  'lone surrogates': run('\ud83d\ude00\ud83d a\udc00'),
  'bytes of no text': run(String.fromCharCode(...Array.from({ length: 64 }, (_, code) => code))),
  'characters that show nothing': run('\u200b\u2060\ufeff\u202e'),
  'marks upon marks': `a${run('\u0301\u0327')}`,
  'scripts in turn': run('aяأ漢あ한अ😀 '),
  'keys without values': run('password='),
  'numbers in groups': run('12 345-67.8/'),
};

const compiled = new Map<string, Promise<Guardrails>>();
async function guardrailsOf(name: keyof typeof policyLibrary): Promise<Guardrails> {
  let made = compiled.get(name);
  if (made === undefined) {
    made = compilePolicy({ source: policyLibrary[name] }).then(({ guardrails }) => guardrails);
    compiled.set(name, made);
  }
  return made;
}

describe.each(['children', 'healthcare', 'finance'] as const)('the policy %s', (name) => {
  it.each(Object.entries(TEXTS))('ends with a verdict on %s', async (_, text) => {
    const guardrails = await guardrailsOf(name);
    for (const point of ['input', 'output', 'tool-call', 'tool-result'] as const) {
      const { isBlocked, text: left, reports } = await guardrails.check({ point, text });
      expect(reports.filter(({ faultCode }) => faultCode !== undefined)).toEqual([]);
      expect(isBlocked ? '' : typeof left).toBe(isBlocked ? '' : 'string');
      const stream = guardrails.openStream({ point });
      const pieces = [
        await stream.push(text.slice(0, 3_001)),
        await stream.push(text.slice(3_001)),
      ];
      const end = await stream.end();
      const isStopped = [...pieces, end].some((release) => release.isBlocked);
      expect(isStopped).toBe(isBlocked);
      if (isBlocked) continue;
      const streamed = [...pieces, end].map((release) => release.text).join('');
      if (point === 'input' || point === 'output') expect(streamed).toBe(left);
    }
  });
});
