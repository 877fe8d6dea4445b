import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPluginHost, type EmbeddingModel } from '@espalier/core';
import { modelFolder } from '@espalier/model-minilm-l6';
import { describeEmbeddingModelConformance } from '@espalier/testing/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnnxEncoder, onnxEncoder } from './index.js';

/**
 * Least cosine to the reference: int8 kernels round differently with the CPU's instructions, so axes may be some
 * thousandths apart while the direction is the same.
 */
const LEAST_COSINE = 0.995;

const reference = JSON.parse(
  readFileSync(new URL('../__fixtures__/onnx-vectors.json', import.meta.url), 'utf8'),
) as { texts: string[]; vectors: number[][] };

describeEmbeddingModelConformance('The ONNX encoder', {
  create: () => createOnnxEncoder({ folder: modelFolder, threads: 1 }),
  tolerance: 1e-9,
});

describe('createOnnxEncoder', () => {
  let model: EmbeddingModel;
  beforeAll(async () => {
    model = await createOnnxEncoder({ folder: modelFolder, threads: 2 });
  });
  afterAll(async () => {
    await model.dispose?.();
  });

  it('gives the reference vectors', async () => {
    const { embeddings } = await model.doEmbed({ texts: reference.texts });
    for (const [n, expected] of reference.vectors.entries()) {
      const cosine = expected.reduce(
        (sum, value, axis) => sum + value * (embeddings[n]?.[axis] ?? Number.NaN),
        0,
      );
      expect(cosine).toBeGreaterThan(LEAST_COSINE);
    }
  });

  it('gives the same bytes for a text alone and among others', async () => {
    const alone = await model.doEmbed({ texts: ['The cat sat on the mat.'] });
    const among = await model.doEmbed({
      texts: ['x '.repeat(300), 'The cat sat on the mat.', 'y'],
    });
    expect(among.embeddings[1]).toEqual(alone.embeddings[0]);
  });

  it('leaves the event loop free while it works', async () => {
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await model.doEmbed({ texts: Array.from({ length: 8 }, (_, n) => `${n} word `.repeat(120)) });
    isDone = true;
    expect(turns).toBeGreaterThan(100);
  });

  it('counts only the tokens within the limit', async () => {
    const { usage } = await model.doEmbed({ texts: ['word '.repeat(1000)] });
    expect(usage.inputTokens).toBe(256);
  });

  it('lets an abort take effect at once and goes on afterwards', async () => {
    const controller = new AbortController();
    const texts = Array.from({ length: 40 }, (_, n) => `${n} word `.repeat(120));
    const embedding = model.doEmbed({ texts, abortSignal: controller.signal });
    controller.abort(new DOMException('Enough.', 'AbortError'));
    await expect(embedding).rejects.toThrow('Enough.');
    expect((await model.doEmbed({ texts: ['still here'] })).embeddings).toHaveLength(1);
  });

  it('refuses calls after it was disposed', async () => {
    const short = await createOnnxEncoder({ folder: modelFolder, threads: 1 });
    await short.dispose?.();
    await short.dispose?.();
    await expect(short.doEmbed({ texts: ['late'] })).rejects.toMatchObject({
      code: 'ERR_ENCODERS_DISPOSED',
    });
  });

  it('says when the graph is not one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'encoders-'));
    cpSync(modelFolder, folder, { recursive: true });
    rmSync(join(folder, 'card.json'));
    writeFileSync(join(folder, 'model.onnx'), 'no graph');
    await expect(createOnnxEncoder({ folder })).rejects.toMatchObject({
      code: 'ERR_ENCODERS_ONNX_RUN',
    });
    rmSync(folder, { recursive: true, force: true });
  });

  it('is provided by its plug-in', async () => {
    const host = createPluginHost();
    await host.use(onnxEncoder({ folder: modelFolder, id: 'minilm', threads: 1 }));
    expect((await host.resolve('embeddingModel', 'minilm')).dimension).toBe(384);
    await host.dispose();
  });
});
