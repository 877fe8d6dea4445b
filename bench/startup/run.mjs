// Install size, import time of each library, boot and idle memory of the reference server.
//
//   npx nx run-many -t build && node bench/startup/run.mjs [--skip-install] [--json]
//
// The install part needs a package registry. Times are the best of several runs, and each is given as a multiple of an
// empty Node process measured in the same run, which is what can be compared between machines.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..', '..');
const { values: flags } = parseArgs({
  options: {
    'skip-install': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const RUNS = 7;
const work = mkdtempSync(join(tmpdir(), 'espalier-bench-'));

const packages = ['libs', 'libs/models']
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
  .flatMap((folder) => {
    try {
      return [{ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }];
    } catch {
      return [];
    }
  })
  .filter(({ manifest }) => manifest.name !== '@espalier/testing');

/** Wall and CPU milliseconds of one Node process that runs `code` and reports them. */
function measure(code) {
  const report = `process.stdout.write(JSON.stringify({ wallMs: performance.now(), cpu: process.cpuUsage(), rss: process.memoryUsage().rss }))`;
  const output = execFileSync(
    process.execPath,
    ['--input-type=module', '-e', `${code}\n;${report}`],
    { cwd: root },
  );
  const { wallMs, cpu, rss } = JSON.parse(output.toString());
  return { wallMs, cpuMs: (cpu.user + cpu.system) / 1000, rss };
}

function best(code) {
  const runs = Array.from({ length: RUNS }, () => measure(code));
  return {
    wallMs: Math.min(...runs.map((run) => run.wallMs)),
    cpuMs: Math.min(...runs.map((run) => run.cpuMs)),
    rss: Math.min(...runs.map((run) => run.rss)),
  };
}

function importTimes() {
  const empty = best('');
  const rows = packages.map(({ manifest }) => {
    const loaded = best(`await import(${JSON.stringify(manifest.name)})`);
    return {
      package: manifest.name,
      importMs: loaded.wallMs - empty.wallMs,
      importCpuMs: loaded.cpuMs - empty.cpuMs,
      timesEmptyNode: loaded.wallMs / empty.wallMs,
      addedMemoryMb: (loaded.rss - empty.rss) / 1e6,
    };
  });
  return { emptyNodeMs: empty.wallMs, rows };
}

function installSize() {
  const folder = join(work, 'install');
  const tarballs = join(work, 'tarballs');
  for (const path of [folder, tarballs]) mkdirSync(path);
  writeFileSync(
    join(folder, 'package.json'),
    '{"name":"consumer","version":"1.0.0","private":true}',
  );
  const files = packages.map(({ folder: source }) => {
    const [packed] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', tarballs], {
        cwd: source,
        stdio: ['ignore', 'pipe', 'ignore'],
      }).toString(),
    );
    return join(tarballs, packed.filename);
  });
  const npmArguments = [
    'install',
    '--omit=dev',
    '--omit=peer',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  execFileSync('npm', [...npmArguments, ...files], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const sizes = new Map();
  const modules = join(folder, 'node_modules');
  for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const [first, second] = path.slice(modules.length + 1).split('/');
    const name = first.startsWith('@') ? `${first}/${second}` : first;
    sizes.set(name, (sizes.get(name) ?? 0) + readFileSync(path).length);
  }
  const rows = [...sizes].sort((a, b) => b[1] - a[1]);
  return {
    totalMb: rows.reduce((sum, [, bytes]) => sum + bytes, 0) / 1e6,
    packages: rows.length,
    largest: rows.slice(0, 8).map(([name, bytes]) => ({ package: name, mb: bytes / 1e6 })),
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const memoryMb = (pid) =>
  Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1000;

/** Boots the server over `data` and waits until it answers; then, with `isIdle`, until it has been idle for a while. */
async function bootServer(data, { idleMs }) {
  const port = await freePort();
  const cli = join(root, 'apps/reference-server/dist/cli.js');
  const begun = performance.now();
  const server = spawn(process.execPath, [cli, 'start', '--port', String(port), '--data', data], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  for (;;) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) break;
    } catch {
      // Not listening yet.
    }
    if (server.exitCode !== null)
      throw new Error(`The server ended with code ${server.exitCode} before it answered.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const bootMs = performance.now() - begun;
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  const rssMb = memoryMb(server.pid);
  server.kill('SIGTERM');
  await ended;
  return { bootMs, rssMb };
}

async function boots() {
  const data = join(work, 'data');
  const first = await bootServer(data, { idleMs: 45_000 });
  const later = [];
  for (let run = 0; run < 5; run += 1) later.push(await bootServer(data, { idleMs: 3000 }));
  return {
    firstBootMs: first.bootMs,
    memoryAfterSampleIngestMb: first.rssMb,
    laterBootMs: Math.min(...later.map((boot) => boot.bootMs)),
    idleMemoryMb: Math.min(...later.map((boot) => boot.rssMb)),
  };
}

const round = (_, value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value);
try {
  const result = { imports: importTimes(), boot: await boots() };
  if (!flags['skip-install']) result.install = installSize();
  const rounded = JSON.parse(JSON.stringify(result, round));
  if (flags.json) {
    console.log(JSON.stringify(rounded));
  } else {
    console.log(`An empty Node process takes ${rounded.imports.emptyNodeMs} ms.`);
    console.table(rounded.imports.rows);
    console.table([rounded.boot]);
    if (rounded.install !== undefined) {
      console.log(
        `All libraries installed: ${rounded.install.totalMb} MB in ${rounded.install.packages} packages.`,
      );
      console.table(rounded.install.largest);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
