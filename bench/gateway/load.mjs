// Sends a fixed number of requests at a fixed concurrency and reports when all are answered.
import { Pool } from 'undici';

const MESSAGE =
  'Please summarise what this gateway does with a request, step by step, and name what it costs. ';
const body = (isStream) =>
  JSON.stringify({
    model: process.env.BENCH_MODEL ?? 'bench-model',
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: MESSAGE.repeat(6) },
    ],
    ...(isStream ? { stream: true } : {}),
  });

process.on('message', async ({ origin, headers, isStream, count, concurrency }) => {
  const pool = new Pool(origin, { connections: concurrency });
  const text = body(isStream);
  let left = count;
  let failed = 0;
  let bytes = 0;
  const worker = async () => {
    while (left-- > 0) {
      try {
        const answer = await pool.request({
          path: '/v1/chat/completions',
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: text,
        });
        let last = '';
        for await (const piece of answer.body) {
          bytes += piece.length;
          last = piece.toString('latin1');
        }
        const isWhole = isStream ? last.endsWith('[DONE]\n\n') : last.endsWith('}');
        if (answer.statusCode !== 200 || !isWhole) {
          if (failed++ === 0) process.stderr.write(`${answer.statusCode} ${last.slice(-300)}\n`);
        }
      } catch (error) {
        if (failed++ === 0) process.stderr.write(`${error.stack}\n`);
      }
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.close();
  process.send({ failed, seconds, bytes });
});
