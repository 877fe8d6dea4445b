/**
 * The program of a worker thread that holds one ONNX session.
 *
 * A text, so that it runs the same from sources and from a bundle. It is CommonJS, as `new Worker(code, { eval: true })`
 * wants it. The runtime's `run` blocks its thread; here that thread is not the caller's.
 */
export const WORKER_SOURCE = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { createRequire } = require('node:module');
const describe = (error) => String((error && error.message) || error);
let session;
let ort;
const started = (async () => {
  try {
    ort = createRequire(workerData.resolveFrom)(workerData.runtime);
  } catch (error) {
    parentPort.postMessage({ kind: 'failed', reason: 'runtime', problem: describe(error) });
    return;
  }
  try {
    session = await ort.InferenceSession.create(workerData.file, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      enableMemPattern: false,
      logSeverityLevel: 3,
    });
    parentPort.postMessage({ kind: 'ready', inputs: session.inputNames, outputs: session.outputNames });
  } catch (error) {
    parentPort.postMessage({ kind: 'failed', reason: 'graph', problem: describe(error) });
  }
})();
parentPort.on('message', async (message) => {
  await started;
  if (message.kind === 'close') {
    try {
      if (session) await session.release();
    } finally {
      parentPort.close();
    }
    return;
  }
  try {
    const length = message.ids.length;
    const feeds = {
      input_ids: new ort.Tensor('int64', BigInt64Array.from(message.ids, BigInt), [1, length]),
      attention_mask: new ort.Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]),
    };
    if (session.inputNames.includes('token_type_ids')) {
      const types = message.typeIds ? BigInt64Array.from(message.typeIds, BigInt) : new BigInt64Array(length);
      feeds.token_type_ids = new ort.Tensor('int64', types, [1, length]);
    }
    const outputs = await session.run(feeds, [workerData.output]);
    const data = Float32Array.from(outputs[workerData.output].data);
    parentPort.postMessage({ kind: 'done', data }, [data.buffer]);
  } catch (error) {
    parentPort.postMessage({ kind: 'error', problem: describe(error) });
  }
});
`;
