import { mkdtemp, readFile, rm, writeFile, copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelFolder } from '@espalier/model-guardrail-fast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createGuardClassifier,
  type GuardClassifier,
} from '../classifiers/create-guard-classifier.js';
import { createGuardrails } from '../create-guardrails.js';
import { guardInPieces } from '../__fixtures__/guard-in-pieces.js';
import { createModerationRail } from './create-moderation-rail.js';
import { createModerator } from './create-moderator.js';

let classifier: GuardClassifier;
beforeAll(async () => {
  classifier = await createGuardClassifier({ profile: 'fast' });
});

describe('moderation with the shipped weights of the fast tier', () => {
  it.each([
    ['you are a stupid idiot', 'harassment'],
    ['I want to kill myself tonight', 'suicide-self-harm'],
    ['y0u 4r3 a st.u.pid id10t', 'harassment'],
    [Buffer.from('you are a stupid idiot').toString('base64'), 'harassment'],
  ])('flags "%s"', async (text, category) => {
    const moderator = await createModerator({ classifier });
    const judged = await moderator.classify({ text });
    expect(judged.flagged).toBe(true);
    expect(judged.categories[category]?.flagged).toBe(true);
    expect(judged.score).toBeGreaterThan(0.5);
  });

  it.each([
    'How do I bake bread?',
    'kill the process',
    'I love my muslim friends',
    '',
    '\ud83d \ude00',
  ])('passes "%s"', async (text) => {
    const moderator = await createModerator({ classifier });
    expect((await moderator.classify({ text })).flagged).toBe(false);
  });

  it('flags the chosen categories alone, from the chosen thresholds on', async () => {
    const text = 'you are a stupid idiot';
    const other = await createModerator({ classifier, categories: ['sexual-content'] });
    expect((await other.classify({ text })).flagged).toBe(false);
    const strict = await createModerator({ classifier, thresholds: { harassment: 1.01 } });
    expect((await strict.classify({ text })).categories['harassment']?.flagged).toBe(false);
  });

  it('finds the part of a long text', async () => {
    const calm = 'The garden was quiet and the tea was warm on the table by the window. '.repeat(
      12,
    );
    const text = `${calm}You are a stupid idiot and everybody hates you! ${calm}`;
    const judged = await (await createModerator({ classifier })).classify({ text });
    expect(judged.flagged).toBe(true);
    expect(judged.span.start).toBeLessThan(text.indexOf('idiot'));
    expect(judged.span.end).toBeGreaterThan(text.indexOf('idiot'));
  });
});

describe('the moderation rail', () => {
  it('lets the calm beginning of a stream go and stops before the rest, however it is cut', async () => {
    const calm = 'The garden was quiet and the tea was warm on the table by the window. '.repeat(8);
    const text = `${calm}You are a stupid idiot and everybody hates you! The end.`;
    const guardrails = createGuardrails({ rails: [await createModerationRail({ classifier })] });
    const whole = await guardrails.check({ point: 'output', text });
    expect(whole.isBlocked).toBe(true);
    expect(whole.reason).toContain('harassment');
    for (const size of [1, 37, 500]) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      const released = await guardInPieces(guardrails, pieces);
      expect(released.isBlocked).toBe(true);
      expect(released.text).not.toContain('stupid');
      expect(calm.startsWith(released.text)).toBe(true);
      expect(released.text.length).toBeGreaterThan(200);
    }
  });
});

describe('weights that are damaged', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'espalier-weights-'));
    for (const name of ['card.json', 'config.json', 'weights.bin']) {
      await copyFile(join(modelFolder, name), join(folder, name));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are refused by their checksum', async () => {
    const bytes = await readFile(join(folder, 'weights.bin'));
    bytes[1000] = (bytes[1000] ?? 0) ^ 0xff;
    await writeFile(join(folder, 'weights.bin'), bytes);
    await expect(
      createGuardClassifier({ profile: 'fast', fastFolder: folder }),
    ).rejects.toMatchObject({ code: 'ERR_ENCODERS_MODEL_FILE_CORRUPT' });
  });

  it('are refused where the parts do not fit', async () => {
    await writeFile(join(folder, 'weights.bin'), new Uint8Array(12));
    await rm(join(folder, 'card.json'), { force: true });
    await expect(
      createGuardClassifier({ profile: 'fast', fastFolder: folder }),
    ).rejects.toMatchObject({ code: 'ERR_GUARDRAILS_WEIGHTS_CORRUPT' });
    await writeFile(join(folder, 'config.json'), '{"heads": 3}');
    await expect(
      createGuardClassifier({ profile: 'fast', fastFolder: folder }),
    ).rejects.toMatchObject({ code: 'ERR_GUARDRAILS_WEIGHTS_CORRUPT' });
  });
});
