// Requests per CPU-second and memory of gateways in front of the same local upstream. See README.md.
import { execFileSync, fork } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuSeconds, memory } from './process-cost.mjs';
import { buildServer } from './build-server.mjs';
import { NODE_FLAGS } from './node-flags.mjs';

const here = import.meta.dirname;
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    json: { type: 'string', default: '3000' },
    streams: { type: 'string', default: '300' },
    concurrency: { type: 'string', default: '32' },
    only: { type: 'string', default: 'espalier,portkey,bare' },
  },
});
const rounds = Number(values.rounds);
const only = values.only.split(',');

const children = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

function spawnNode(...args) {
  const child = fork(...args);
  children.push(child);
  return child;
}

async function start(file, env, execArgv = []) {
  const child = spawnNode(file, {
    env: { ...process.env, ...env },
    execArgv,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const started = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${file} ended with code ${code} before it listened.`);
    }),
  ]);
  return { child, port: started[0].port };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function untilOpen(port) {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function startPortkey() {
  const peers = join(here, 'peers');
  const entry = join(peers, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(entry)) {
    console.log('installing the peer …');
    execFileSync(
      'npm',
      ['install', '--no-audit', '--no-fund', '--workspaces=false', '--ignore-scripts'],
      {
        cwd: peers,
        stdio: 'inherit',
      },
    );
  }
  const port = await freePort();
  const child = spawnNode(entry, [`--port=${port}`, '--headless'], {
    cwd: peers,
    env: { ...process.env, NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await untilOpen(port);
  return { child, port };
}

const upstream = await start(join(here, 'upstream.mjs'), {});
const upstreamUrl = `http://127.0.0.1:${upstream.port}`;
mkdirSync(join(here, '.build'), { recursive: true });
const contenders = {
  espalier: {
    start: async () => start(await buildServer(), { BENCH_UPSTREAM: upstreamUrl }, NODE_FLAGS),
    headers: { authorization: 'Bearer esp_bench' },
  },
  portkey: {
    start: startPortkey,
    headers: {
      authorization: 'Bearer upstream',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${upstreamUrl}/v1`,
    },
  },
  bare: {
    start: () => start(join(here, 'bare-proxy.mjs'), { BENCH_UPSTREAM: upstreamUrl }),
    headers: {},
  },
};

const load = spawnNode(join(here, 'load.mjs'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
async function send(contender, isStream, count) {
  load.send({
    origin: `http://127.0.0.1:${contender.port}`,
    headers: contender.headers,
    isStream,
    count,
    concurrency: Number(values.concurrency),
  });
  const [report] = await once(load, 'message');
  return report;
}

const running = [];
for (const name of only) {
  const { start: startIt, headers } = contenders[name];
  const contender = { name, headers, ...(await startIt()), json: [], stream: [], failed: 0 };
  contender.idle = memory(contender.child.pid).rss;
  running.push(contender);
}
// Just-in-time compilers get their share before anything counts.
for (const contender of running) {
  await send(contender, false, Math.ceil(Number(values.json) / 2));
  await send(contender, true, Math.ceil(Number(values.streams) / 2));
}
for (let round = 0; round < rounds; round++) {
  for (const contender of running) {
    for (const kind of ['json', 'stream']) {
      const count = Number(kind === 'json' ? values.json : values.streams);
      const before = cpuSeconds(contender.child.pid);
      const report = await send(contender, kind === 'stream', count);
      const cpu = cpuSeconds(contender.child.pid) - before;
      contender.failed += report.failed;
      contender[kind].push({ perCpuSecond: count / cpu, perSecond: count / report.seconds, cpu });
    }
  }
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const table = Object.fromEntries(
  running.map(({ name, json, stream, failed, idle, child }) => {
    const { rss, peak } = memory(child.pid);
    return [
      name,
      {
        'JSON/CPU-s': Math.round(median(json.map((run) => run.perCpuSecond))),
        'streams/CPU-s': Math.round(median(stream.map((run) => run.perCpuSecond))),
        'JSON/s': Math.round(median(json.map((run) => run.perSecond))),
        'streams/s': Math.round(median(stream.map((run) => run.perSecond))),
        'CPU-s': Number([...json, ...stream].reduce((sum, run) => sum + run.cpu, 0).toFixed(2)),
        'idle MiB': Math.round(idle),
        'end MiB': Math.round(rss),
        'peak MiB': Math.round(peak),
        failed,
      },
    ];
  }),
);
console.table(table);
const ratio = (a, b, key) =>
  table[a] && table[b] ? (table[a][key] / table[b][key]).toFixed(2) : '–';
console.log(
  `JSON requests per CPU-second: espalier ÷ portkey ${ratio('espalier', 'portkey', 'JSON/CPU-s')} (aim 5), bare ÷ portkey ${ratio('bare', 'portkey', 'JSON/CPU-s')}`,
);
console.log(
  `Streams per CPU-second:       espalier ÷ portkey ${ratio('espalier', 'portkey', 'streams/CPU-s')} (aim 3.5), bare ÷ portkey ${ratio('bare', 'portkey', 'streams/CPU-s')}`,
);
console.log(
  `Peak memory:                  espalier ÷ bare ${ratio('espalier', 'bare', 'peak MiB')} (aim 1.1)`,
);
process.exit(running.some(({ failed }) => failed > 0) ? 1 : 0);
