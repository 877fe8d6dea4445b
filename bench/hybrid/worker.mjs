import { parentPort, workerData } from 'node:worker_threads';
import { drawCorpus } from './corpus.mjs';
import { openEngine } from './engine.mjs';

const corpus = drawCorpus(workerData);
const engine = await openEngine(corpus);
for (const query of corpus.queries.slice(0, 50)) await engine.search(query, 10);
parentPort.on('message', async (seconds) => {
  const end = performance.now() + seconds * 1000;
  let done = 0;
  while (performance.now() < end) {
    await engine.search(corpus.queries[done % corpus.queries.length], 10);
    done += 1;
  }
  parentPort.postMessage(done);
  await engine.close();
  parentPort.close();
});
parentPort.postMessage('ready');
