import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serverArguments } from './launch-server.mjs';

const LAUNCH = fileURLToPath(new URL('./__fixtures__/launch.mjs', import.meta.url));
const folders = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A server that ends cleanly on its first signal and reports each one. */
const SERVER = `
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  let isStopping = false;
  const alive = setInterval(() => {}, 1000);
  function stop(name) {
    console.log('signal ' + name);
    if (isStopping) return;
    isStopping = true;
    clearInterval(alive);
  }
  console.log('ready ' + process.pid + ' ' + process.argv.slice(2).join(' '));
`;

/** A build that starts a process of its own and never ends. */
const ENDLESS_BUILD = `
  import { spawn } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  const inner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  console.log('building ' + process.pid + ' ' + inner.pid);
  writeFileSync(process.env.PIDS_FILE, process.pid + ' ' + inner.pid);
  setInterval(() => {}, 1000);
`;

/** A workspace with nothing to install, whose Nx and whose server are the given programs. */
function workspace({ server = SERVER, build = '' } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'espalier-launch-'));
  folders.push(root);
  const files = {
    'package-lock.json': '{"packages":{}}',
    'node_modules/.package-lock.json': '{"packages":{}}',
    'node_modules/nx/dist/bin/nx.js': build,
    'node_modules/nx/package.json': '{"type":"module"}',
    'apps/reference-server/package.json': '{"type":"module"}',
    'apps/reference-server/dist/cli.js': server,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  // These tests run on any Node; the workspace's pin is the Node that runs them.
  mkdirSync(join(root, 'node_modules/node/bin'), { recursive: true });
  writeFileSync(
    join(root, 'node_modules/node/bin/node'),
    `#!/bin/sh\nexec "${process.execPath}" "$@"\n`,
    { mode: 0o755 },
  );
  return root;
}

function launch(root, { args = [], detached = false, env = {} } = {}) {
  const child = spawn(process.execPath, [LAUNCH, root, ...args], {
    detached,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = [];
  const waiting = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const check of [...waiting]) check();
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, lines, errors }));
  const line = (start) =>
    new Promise((resolve, reject) => {
      const check = () => {
        const found = lines.find((each) => each.startsWith(start));
        if (found !== undefined) resolve(found);
      };
      waiting.push(check);
      check();
      void ended.then(() => reject(new Error(`no line "${start}": ${lines.join('\n')}${errors}`)));
    });
  return { child, ended, line };
}

/** Resolves when a process has ended; the test runner's own limit is the only clock. */
async function gone(pid) {
  for (;;) {
    try {
      process.kill(pid, 0);
      // An ended process whose new parent has not collected it yet.
      if (/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return;
    } catch (error) {
      if (error.code === 'ESRCH' || (existsSync('/proc/self') && !existsSync(`/proc/${pid}`)))
        return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('SIGTERM to the launcher alone stops the server once and exits 0', async () => {
  const run = launch(workspace());
  const pid = Number((await run.line('ready')).split(' ')[1]);
  run.child.kill('SIGTERM');
  const { code, lines } = await run.ended;
  assert.equal(code, 0);
  assert.deepEqual(
    lines.filter((line) => line.startsWith('signal')),
    ['signal SIGTERM'],
  );
  await gone(pid);
});

test('SIGINT to the whole group stops the server and exits 0', async () => {
  const run = launch(workspace(), { detached: true });
  const pid = Number((await run.line('ready')).split(' ')[1]);
  process.kill(-run.child.pid, 'SIGINT');
  const { code, signal, lines } = await run.ended;
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  assert.equal(lines.at(-1), 'signal SIGINT');
  await gone(pid);
});

test('the server ends when the launcher is killed outright', async () => {
  const run = launch(workspace());
  const pid = Number((await run.line('ready')).split(' ')[1]);
  run.child.kill('SIGKILL');
  await run.ended;
  await gone(pid);
});

test('the exit code and the message of a server that refuses to start pass through', async () => {
  const server = `console.error('Port 8787 is in use.'); process.exitCode = 3;`;
  const { code, errors } = await launch(workspace({ server })).ended;
  assert.equal(code, 3);
  assert.match(errors, /Port 8787 is in use\.\n$/);
  assert.doesNotMatch(errors, /\n\s+at /);
});

test('a failed build is told in a sentence with its last lines, and exits 1', async () => {
  const build = `console.log('libs/core/src/x.ts is broken'); process.exitCode = 1;`;
  const { code, errors } = await launch(workspace({ build })).ended;
  assert.equal(code, 1);
  assert.match(errors, /The build failed; its last lines:\nlibs\/core\/src\/x\.ts is broken\n$/);
});

for (const signal of ['SIGTERM', 'SIGKILL']) {
  test(`no process is left when ${signal} comes during the build`, async () => {
    const root = workspace({ build: ENDLESS_BUILD });
    const pidsFile = join(root, 'pids');
    const run = launch(root, { env: { PIDS_FILE: pidsFile } });
    const pids = await buildPids(pidsFile);
    run.child.kill(signal);
    const { code } = await run.ended;
    assert.equal(code, signal === 'SIGTERM' ? 143 : null);
    for (const pid of pids) await gone(pid);
  });
}

async function buildPids(path) {
  const { readFile } = await import('node:fs/promises');
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (/^\d+ \d+$/.test(text)) return text.split(' ').map(Number);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('the arguments of a person win over the defaults of a clone', () => {
  assert.deepEqual(serverArguments([], '/clone'), [
    ...['start', '--host', '127.0.0.1', '--port', '8787', '--data', '/clone/.espalier'],
  ]);
  assert.deepEqual(serverArguments(['--port=9000', '--data', 'here'], '/clone'), [
    ...['start', '--port=9000', '--data', 'here', '--host', '127.0.0.1'],
  ]);
});

for (const script of ['start', 'test']) {
  test(`npm ${script} on an old Node ends with a sentence that names the one it needs`, async () => {
    const old = "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });";
    const child = spawn(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(old)}`,
        fileURLToPath(new URL(`../${script}.mjs`, import.meta.url)),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let err = '';
    child.stderr.on('data', (data) => (err += data));
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(err, /^Espalier needs Node 20 or newer .*; this is Node 18\.20\.4\./u);
    assert.doesNotMatch(err, / {4}at /u);
  });
}
