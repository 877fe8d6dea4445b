import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSystemClock } from '@espalier/core';
import { modelFolder } from '@espalier/model-minilm-l6';
import { createFakeClock } from '@espalier/testing';
import { expect, it } from 'vitest';
import { createSessionPool } from './session-pool.js';

it('says how to install the runtime where it is missing', async () => {
  const pool = createSessionPool({
    file: 'model.onnx',
    modelId: 'm',
    threads: 1,
    clock: createSystemClock(),
    runtime: 'a-package-that-is-not-here',
  });
  await expect(pool.start()).rejects.toMatchObject({
    code: 'ERR_ENCODERS_ONNX_RUNTIME_MISSING',
    message: expect.stringContaining('npm install onnxruntime-node') as string,
  });
  await pool.dispose();
});

it('ends a session that has had no work for a while, and opens it again for what comes later', async () => {
  const clock = createFakeClock();
  const pool = createSessionPool({
    file: `${modelFolder}/model.onnx`,
    modelId: 'm',
    threads: 1,
    clock,
    idleMs: 1000,
  });
  const run = () => pool.run([101, 7592, 102], { isUrgent: false, abortSignal: undefined });
  await pool.start();
  const first = await run();
  expect(pool.size).toBe(1);
  await clock.advance(999);
  await run();
  await clock.advance(999);
  expect(pool.size).toBe(1);
  await clock.advance(1);
  expect(pool.size).toBe(0);
  expect(await run()).toEqual(first);
  expect(pool.size).toBe(1);
  await pool.dispose();
});

it('disposes while a session is ending', async () => {
  const clock = createFakeClock();
  const pool = createSessionPool({
    file: `${modelFolder}/model.onnx`,
    modelId: 'm',
    threads: 1,
    clock,
    idleMs: 1,
  });
  await pool.start();
  await clock.advance(1);
  await pool.dispose();
  expect(pool.size).toBe(0);
  expect(clock.pending).toBe(0);
});

it('lets a program with nothing else to do see the end of its disposal', async () => {
  const libraries = join(import.meta.dirname, '../../../..');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@espalier/source',
    '--import',
    join(libraries, 'rag/src/__fixtures__/run-typescript.mjs'),
    join(libraries, 'encoders/src/__fixtures__/use-pool-and-end.ts'),
  ]);
  expect(stdout).toBe('disposed');
}, 60_000);
