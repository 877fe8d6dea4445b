// Many callers that leave in mid-stream: the server must neither crash nor grow. See README.md.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Agent, request } from 'node:http';
import { buildServer } from './build-server.mjs';
import { memory } from './process-cost.mjs';
import { NODE_FLAGS } from './node-flags.mjs';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    concurrency: { type: 'string', default: '64' },
  },
});
const here = import.meta.dirname;
const start = async (file, env, execArgv = []) => {
  const child = fork(file, {
    env: { ...process.env, ...env },
    execArgv,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ port }] = await once(child, 'message');
  return { child, port };
};
const upstream = await start(join(here, 'upstream.mjs'), { BENCH_EVENTS: '1000000' });
const server = await start(
  await buildServer(),
  { BENCH_UPSTREAM: `http://127.0.0.1:${upstream.port}` },
  NODE_FLAGS,
);
process.on('exit', () => {
  upstream.child.kill('SIGKILL');
  server.child.kill('SIGKILL');
});
server.child.on('exit', (code) => {
  console.error(`The server ended with ${code}.`);
  process.exit(1);
});

const body = JSON.stringify({
  model: 'bench-model',
  stream: true,
  messages: [{ role: 'user', content: 'Hi' }],
});
const agent = new Agent({ keepAlive: true });
const abortOne = (at) =>
  new Promise((resolve) => {
    const sent = request(
      {
        agent,
        host: '127.0.0.1',
        port: server.port,
        path: '/v1/chat/completions',
        method: 'POST',
        headers: { authorization: 'Bearer esp_bench', 'content-type': 'application/json' },
      },
      (answer) => {
        let pieces = 0;
        // Some leave at the first piece, some later.
        answer.on('data', () => {
          if (pieces++ === at % 4) sent.destroy();
        });
        answer.on('error', () => undefined);
      },
    );
    sent.on('error', () => undefined);
    sent.on('close', resolve);
    sent.end(body);
  });

const count = Number(values.count);
let next = 0;
const steps = [];
const report = () => {
  const { rss } = memory(server.child.pid);
  steps.push(rss);
  console.log(`${String(next).padStart(7)} aborts, ${rss.toFixed(0)} MiB`);
};
const startedAt = performance.now();
await Promise.all(
  Array.from({ length: Number(values.concurrency) }, async () => {
    while (next < count) {
      const at = next++;
      await abortOne(at);
      if (at % Math.ceil(count / 10) === 0) report();
    }
  }),
);
report();
console.log(`${count} aborts in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
const half = steps.slice(0, Math.ceil(steps.length / 2));
console.log(
  `memory: at most ${Math.max(...half).toFixed(0)} MiB in the first half, ${steps.at(-1).toFixed(0)} MiB at the end`,
);
process.exit(0);
