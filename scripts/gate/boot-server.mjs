import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIMIT_MS = 60_000;

/**
 * Starts the built server in an empty folder and stops it again: what its bundle lacks shows only here.
 *
 * @param {object} options
 * @param {string} options.root
 * @param {string} options.node the pinned Node; the gates themselves may run on an older one
 * @returns {Promise<string | undefined>} what went wrong
 */
export async function bootServer({ root, node }) {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-boot-'));
  try {
    writeFileSync(join(folder, 'espalier.config.json'), '{"sample":false}');
    const cli = join(root, 'apps/reference-server/dist/cli.js');
    const server = spawn(node, [cli, 'start', '--port', '0', '--data', folder, '--json'], {
      cwd: folder,
      env: { ...process.env, XDG_STATE_HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const limit = setTimeout(() => server.kill('SIGKILL'), LIMIT_MS);
    let output = '';
    server.stderr.on('data', (data) => (output += data));
    const exited = once(server, 'exit');
    server.stdout.once('data', () => server.kill('SIGTERM'));
    const [code] = await exited;
    clearTimeout(limit);
    return code === 0 ? undefined : `The built server ended with code ${code}. ${output.trim()}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
