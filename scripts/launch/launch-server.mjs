import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runServer, runStep } from './child.mjs';
import { toolEnvironment } from './installation.mjs';
import { PreparationError, prepare } from './prepare.mjs';
import { startProgress } from './progress.mjs';

/** A small young generation: it bounds the memory of a busy server and costs no time. As in the first line of the CLI. */
const NODE_FLAGS = ['--max-semi-space-size=8'];

/**
 * Has glibc keep two heaps for all threads instead of eight for each core: what one thread frees, another one uses.
 * Other C libraries do not know it.
 */
const MEMORY_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' };

const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/**
 * Installs, builds and runs the reference server, and resolves to the exit code.
 *
 * @param {string[]} args passed through to the server's `start`
 * @param {string} [root]
 * @returns {Promise<number>}
 */
export async function launchServer(args, root = ROOT) {
  const stop = new AbortController();
  let stoppedBy = 0;
  const onSignal = (_name, number) => {
    stoppedBy = number;
    stop.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, onSignal);
  try {
    const node = await prepare({ root, signal: stop.signal });
    if (!stop.signal.aborted) await build({ root, node, signal: stop.signal });
    if (stop.signal.aborted) return 128 + stoppedBy;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, onSignal);
    return await runServer({
      node,
      args: [
        ...NODE_FLAGS,
        join(root, 'apps/reference-server/dist/cli.js'),
        ...serverArguments(args, root),
      ],
      cwd: process.env['INIT_CWD'] ?? process.cwd(),
      env: { ...MEMORY_ENVIRONMENT, ...process.env },
    });
  } catch (error) {
    if (stop.signal.aborted) return 128 + stoppedBy;
    if (!(error instanceof PreparationError)) throw error;
    console.error(error.message);
    if (error.logTail !== '') console.error(error.logTail);
    return 1;
  }
}

/**
 * Returns the server's arguments: what the person gave, and for the rest the defaults of a clone.
 *
 * @param {string[]} args
 * @param {string} root
 * @returns {string[]}
 */
export function serverArguments(args, root) {
  const isGiven = (flag) => args.some((arg) => arg === flag || arg.startsWith(`${flag}=`));
  const defaults = { '--host': '127.0.0.1', '--port': '8787', '--data': join(root, '.espalier') };
  const missing = Object.entries(defaults).filter(([flag]) => !isGiven(flag));
  return ['start', ...args, ...missing.flat()];
}

/** @param {{ root: string, node: string, signal: AbortSignal }} options */
async function build({ root, node, signal }) {
  const projects = ['reference-server', 'console'].filter((name) =>
    existsSync(join(root, 'apps', name, 'package.json')),
  );
  const progress = startProgress('Building the server (nx, cached)');
  const { exitCode, output } = await runStep({
    node,
    args: [
      join(root, 'node_modules/nx/dist/bin/nx.js'),
      'run-many',
      '--target=bundle',
      `--projects=${projects.map((name) => `apps/${name}`).join(',')}`,
      '--output-style=stream',
      '--skip-sync',
    ],
    cwd: root,
    env: toolEnvironment(root),
    signal,
    onLine: (line) => progress.update(line),
  });
  if (exitCode === 0) return progress.done();
  progress.failed();
  if (!signal.aborted) throw new PreparationError('The build failed; its last lines:', output);
}
