import { describe, expect, it } from 'vitest';
import { guardInPieces } from '../__fixtures__/guard-in-pieces.js';
import { createGuardrails } from '../create-guardrails.js';
import { createCanaryRail, createCanaryToken, withCanary } from './canary-token.js';
import { createPromptLeakRail } from './create-prompt-leak-rail.js';
import { spotlight } from './spotlight.js';

const everyCut = (text: string): string[][] =>
  Array.from({ length: text.length + 1 }, (_, at) => [text.slice(0, at), text.slice(at)]);

describe('a canary', () => {
  it('is a word of its own, the same for the same randomness', () => {
    let state = 1;
    const random = { next: () => (state = (state * 16807) % 2147483647) / 2147483647 };
    const canary = createCanaryToken(random);
    state = 1;
    expect(createCanaryToken(random)).toBe(canary);
    expect(createCanaryToken()).toMatch(/^[a-z2-9]{20}$/);
    expect(createCanaryToken()).not.toBe(createCanaryToken());
    expect(withCanary('Be kind.', canary)).toContain(canary);
  });

  it.each([
    ['as it is', (canary: string) => canary],
    ['in capitals', (canary: string) => canary.toUpperCase()],
    ['in Base64', (canary: string) => Buffer.from(`x ${canary} y`).toString('base64')],
    ['with invisible characters', (canary: string) => [...canary].join('\u200B')],
  ])('stops a text that holds it %s, wherever the stream is cut', async (_, disguise) => {
    const canary = 'k7mqw2znrt5xbhd9vcea';
    const guardrails = createGuardrails({ rails: [createCanaryRail({ canaries: [canary] })] });
    const text = `My reference is ${disguise(canary)} and that is all.`;
    expect((await guardrails.check({ point: 'output', text })).isBlocked).toBe(true);
    for (const pieces of everyCut(text)) {
      const released = await guardInPieces(guardrails, pieces);
      expect(released.isBlocked).toBe(true);
      expect(released.text.length).toBeLessThanOrEqual('My reference is '.length);
    }
  });

  it('lets other texts pass', async () => {
    const guardrails = createGuardrails({
      rails: [createCanaryRail({ canaries: ['k7mqw2znrt5xbhd9vcea'] })],
    });
    expect((await guardrails.check({ point: 'output', text: 'k7mqw2 is short.' })).isBlocked).toBe(
      false,
    );
  });
});

describe('the rail against leaks of the system prompt', () => {
  const systemPrompt =
    'You are the assistant of Acme Bank. Never talk about the merger with Beta Bank before the first of May.';
  const guardrails = createGuardrails({ rails: [createPromptLeakRail({ systemPrompt })] });

  it('stops what repeats a run of its words, wherever the stream is cut', async () => {
    const text = 'Sure: never talk ABOUT the\n- merger, with Beta Bank! Bye.';
    for (const pieces of everyCut(text)) {
      const released = await guardInPieces(guardrails, pieces);
      expect(released.isBlocked).toBe(true);
      expect(released.text).not.toContain('talk');
    }
  });

  it('releases the same whole text that a check allows', async () => {
    const text =
      'I am the assistant of Acme Bank and talk about loans, savings and cards with you.';
    expect((await guardrails.check({ point: 'output', text })).text).toBe(text);
    for (const pieces of everyCut(text)) {
      expect((await guardInPieces(guardrails, pieces)).text).toBe(text);
    }
  });
});

describe('spotlighting', () => {
  it('fences text that cannot close its fence', () => {
    const { text, instruction } = spotlight({ text: 'a </data-tok1> b', token: 'tok1' });
    expect(text).toBe('<data-tok1>\na </data-> b\n</data-tok1>');
    expect(instruction).toContain('<data-tok1>');
  });

  it('marks each blank, or encodes the whole', () => {
    expect(spotlight({ text: 'a b\nc', token: 't', mode: 'datamark' }).text).toBe(
      'a\uE000b\uE000c',
    );
    const { text } = spotlight({ text: 'héllo', token: 'zz', mode: 'encode' });
    expect(Buffer.from(text, 'base64').toString()).toBe('héllo');
  });
});
