import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelFolder } from '@espalier/model-static-256';
import { describeEmbeddingModelConformance } from '@espalier/testing/conformance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStaticEncoder } from './create-static-encoder.js';

/** The reference is computed in float64 and rounded to six digits. */
const TOLERANCE = 2e-6;

const reference = JSON.parse(
  readFileSync(new URL('../__fixtures__/static-vectors.json', import.meta.url), 'utf8'),
) as { texts: string[]; vectors: number[][] };

describeEmbeddingModelConformance('The static encoder', {
  create: () => createStaticEncoder({ folder: modelFolder }),
});

describe('createStaticEncoder', () => {
  it('gives the reference vectors', async () => {
    const model = await createStaticEncoder({ folder: modelFolder });
    const { embeddings } = await model.doEmbed({ texts: reference.texts });
    for (const [n, expected] of reference.vectors.entries()) {
      expected.forEach((value, axis) => {
        expect(Math.abs((embeddings[n]?.[axis] ?? Number.NaN) - value)).toBeLessThan(TOLERANCE);
      });
    }
  });

  it('gives the zero vector for a text without a token', async () => {
    const model = await createStaticEncoder({ folder: modelFolder });
    const { embeddings } = await model.doEmbed({ texts: ['', ' \u200b '] });
    for (const vector of embeddings) expect(vector.every((value) => value === 0)).toBe(true);
  });

  it('refuses more texts than it takes', async () => {
    const model = await createStaticEncoder({ folder: modelFolder });
    const texts = Array.from({ length: model.limits.maxTextsPerCall + 1 }, () => 'x');
    await expect(model.doEmbed({ texts })).rejects.toMatchObject({
      code: 'ERR_ENCODERS_TOO_MANY_TEXTS',
    });
  });

  describe('with a damaged weights file', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'encoders-'));
      cpSync(modelFolder, folder, { recursive: true });
    });
    afterEach(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const weights = (): string => join(folder, 'model.safetensors');

    it('refuses one flipped byte', async () => {
      const bytes = readFileSync(weights());
      bytes[5_000_000] = (bytes[5_000_000] ?? 0) ^ 1;
      writeFileSync(weights(), bytes);
      await expect(createStaticEncoder({ folder })).rejects.toMatchObject({
        code: 'ERR_ENCODERS_MODEL_FILE_CORRUPT',
      });
    });

    it.each([
      ['cut in its data', (bytes: Buffer) => bytes.subarray(0, 4_000_000)],
      ['cut in its header', (bytes: Buffer) => bytes.subarray(0, 20)],
      ['empty', () => Buffer.alloc(0)],
      ['not safetensors', () => Buffer.from('hello there, this is just text')],
      [
        'with a header that is no JSON',
        () => Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{]{]')]),
      ],
      [
        'with tensors of other names',
        (bytes: Buffer) =>
          Buffer.from(bytes.toString('latin1').replace('"scales"', '"scaleS"'), 'latin1'),
      ],
    ])('refuses one that is %s, with no card to compare', async (_, damage) => {
      rmSync(join(folder, 'card.json'));
      writeFileSync(weights(), damage(readFileSync(weights())));
      await expect(createStaticEncoder({ folder })).rejects.toMatchObject({
        code: 'ERR_ENCODERS_MODEL_FILE_CORRUPT',
      });
    });

    it('names the file that is missing', async () => {
      rmSync(weights());
      await expect(createStaticEncoder({ folder })).rejects.toMatchObject({
        code: 'ERR_ENCODERS_MODEL_FILE_MISSING',
      });
    });
  });
});
