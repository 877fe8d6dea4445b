import { createSystemClock } from '@espalier/core';
import { modelFolder } from '@espalier/model-minilm-l6';
import { createSessionPool } from '../onnx/internal/session-pool.js';

// Runs a session once, disposes of it with nothing else to do, and says that it got to its end.
const pool = createSessionPool({
  file: `${modelFolder}/model.onnx`,
  modelId: 'm',
  threads: 1,
  clock: createSystemClock(),
});
await pool.start();
await pool.run([101, 7592, 102], { isUrgent: false, abortSignal: undefined });
await pool.dispose();
process.stdout.write('disposed');
