import { expect, it } from 'vitest';
import { createSessionPool } from './session-pool.js';

it('says how to install the runtime where it is missing', async () => {
  const pool = createSessionPool({
    file: 'model.onnx',
    modelId: 'm',
    threads: 1,
    runtime: 'a-package-that-is-not-here',
  });
  await expect(pool.start()).rejects.toMatchObject({
    code: 'ERR_ENCODERS_ONNX_RUNTIME_MISSING',
    message: expect.stringContaining('npm install onnxruntime-node') as string,
  });
  await pool.dispose();
});
