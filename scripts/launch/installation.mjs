import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * Tells whether `node_modules` holds what `package-lock.json` asks for.
 *
 * npm writes a hidden lock file as the last act of an install, so an install that was cut off, and
 * a lock file that has changed since, both answer false.
 *
 * @param {string} root
 * @returns {boolean}
 */
export function isInstalled(root) {
  const installedPath = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedPath)) return false;
  let installed;
  try {
    installed = readJson(installedPath).packages;
  } catch {
    return false;
  }
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    // Platform builds and optional peers may rightly be absent.
    if (entry.optional || entry.peer || entry.devOptional) {
      return installed[path] === undefined || installed[path].version === entry.version;
    }
    return installed[path] !== undefined && installed[path].version === entry.version;
  });
}

/**
 * Returns the path of npm's program file, to be run by Node itself.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function npmProgram(env = process.env) {
  const fromNpm = env['npm_execpath'];
  if (fromNpm?.endsWith('.js') && existsSync(fromNpm)) return fromNpm;
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  const onPath = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'npm'));
  for (const candidate of [beside, ...onPath]) {
    if (!existsSync(candidate)) continue;
    const program = realpathSync(candidate);
    if (program.endsWith('.js')) return program;
  }
  return undefined;
}

/**
 * Returns the Node binary the workspace runs on: the pinned one where it is installed, else this
 * process's own if that is new enough, else undefined.
 *
 * @param {string} root
 * @returns {string | undefined}
 */
export function pinnedNode(root) {
  const pinned = join(root, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(pinned)) return realpathSync(pinned);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 19) ? process.execPath : undefined;
}

/**
 * Returns the environment in which workspace tools run: the pinned Node first on the path, and no
 * background process left behind.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(root, env = process.env) {
  return {
    ...env,
    PATH: [join(root, 'node_modules', '.bin'), env['PATH'] ?? ''].join(delimiter),
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_NO_CLOUD: 'true',
    // Its postinstall only fetches GPU builds, which nothing here needs.
    ONNXRUNTIME_NODE_INSTALL: 'skip',
  };
}
