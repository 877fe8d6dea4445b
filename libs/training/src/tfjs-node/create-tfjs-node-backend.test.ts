import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkTensorFlow } from './check-tensorflow.js';
import { createTfjsNodeBackend } from './create-tfjs-node-backend.js';
import { installTensorFlow } from './install-tensorflow.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-tensorflow-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the backend on TensorFlow', () => {
  it('says how to set TensorFlow up where it is not', () => {
    expect(() => createTfjsNodeBackend({ folder })).toThrow(
      expect.objectContaining({
        code: 'ERR_TRAINING_BACKEND_MISSING',
        message: expect.stringContaining('espalier tensorflow install') as string,
      }),
    );
  });

  it('knows no float16', () => {
    expect(() => createTfjsNodeBackend({ packageFolder: folder, precision: 'float16' })).toThrow(
      expect.objectContaining({ code: 'ERR_TRAINING_PRECISION' }),
    );
  });

  it('passes on why a package does not load', async () => {
    await writeFile(join(folder, 'index.js'), 'throw new Error("libtensorflow is not here")');
    expect(() => createTfjsNodeBackend({ packageFolder: folder })).toThrow(
      expect.objectContaining({ code: 'ERR_TRAINING_BACKEND_MISSING' }),
    );
  });
});

describe('setting TensorFlow up', () => {
  it('reports the step that failed and what it printed', async () => {
    const steps: string[] = [];
    const setUp = installTensorFlow({
      folder,
      python: process.execPath,
      wheel: 'tensorflow.whl',
      onStep: (step) => steps.push(step),
    });
    await expect(setUp).rejects.toMatchObject({
      code: 'ERR_TRAINING_TENSORFLOW_SETUP',
      message: expect.stringContaining('--python') as string,
    });
    expect(steps).toEqual(['installing tensorflow.whl']);
  });

  it('refuses a folder that is no TensorFlow', async () => {
    await expect(installTensorFlow({ folder, library: folder })).rejects.toMatchObject({
      code: 'ERR_TRAINING_TENSORFLOW_SETUP',
      message: expect.stringContaining('libtensorflow_cc.so.2') as string,
    });
  });

  it('stops when it is told to', async () => {
    await expect(
      installTensorFlow({ folder, abortSignal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe.skipIf(process.platform !== 'linux')('looking at a set-up of TensorFlow', () => {
  it('tells what to run where there is none', async () => {
    const checks = await checkTensorFlow({ folder });
    expect(checks.map(({ name, isGood }) => [name, isGood])).toEqual([
      ['platform', true],
      ['node', true],
      ['set-up', false],
    ]);
    expect(checks.at(-1)?.advice).toContain('espalier tensorflow install');
  });

  it('takes a damaged record for none', async () => {
    await writeFile(join(folder, 'tensorflow.json'), '{"library":');
    expect((await checkTensorFlow({ folder })).at(-1)).toMatchObject({
      name: 'set-up',
      isGood: false,
    });
  });

  it('tells what is gone since it was set up', async () => {
    await writeFile(join(folder, 'tensorflow.json'), JSON.stringify({ library: folder }));
    const checks = await checkTensorFlow({ folder });
    expect(checks.filter(({ isGood }) => !isGood).map(({ name }) => name)).toEqual([
      'library',
      'binding',
    ]);
  });

  it('tells how loading ends, without ending itself', async () => {
    const packageFolder = join(folder, 'npm/node_modules/@tensorflow/tfjs-node');
    await mkdir(join(packageFolder, 'lib/napi-v8'), { recursive: true });
    await writeFile(join(packageFolder, 'lib/napi-v8/tfjs_binding.node'), '');
    await writeFile(join(packageFolder, 'index.js'), 'process.abort()');
    await writeFile(join(folder, 'libtensorflow_cc.so.2'), '');
    await writeFile(join(folder, 'tensorflow.json'), JSON.stringify({ library: folder }));
    const checks = await checkTensorFlow({ folder });
    expect(checks.at(-1)).toMatchObject({ name: 'loading', isGood: false });
  });
});

const real = process.env['ESPALIER_TEST_TENSORFLOW'];

describe.skipIf(real === undefined)(
  'TensorFlow, where ESPALIER_TEST_TENSORFLOW names a folder in which it is set up',
  () => {
    it('is found good', async () => {
      const checks = await checkTensorFlow({ folder: real ?? '' });
      expect(checks.filter(({ isGood }) => !isGood)).toEqual([]);
      expect(checks.map(({ name }) => name)).toContain('device');
    });

    it('tells that it was loaded with another precision', () => {
      const folder = real ?? '';
      const backend = createTfjsNodeBackend({ folder });
      expect(backend.precision).toBe('float32');
      expect(() => createTfjsNodeBackend({ folder, precision: 'bfloat16' })).toThrow(
        expect.objectContaining({ code: 'ERR_TRAINING_PRECISION' }),
      );
    });
  },
);
