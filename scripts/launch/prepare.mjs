import { runStep } from './child.mjs';
import { isInstalled, npmProgram, pinnedNode, toolEnvironment } from './installation.mjs';
import { startProgress } from './progress.mjs';

/** A step of the preparation that failed: a sentence for the person, and the end of the log. */
export class PreparationError extends Error {
  /**
   * @param {string} sentence
   * @param {string} [output]
   */
  constructor(sentence, output = '') {
    super(sentence);
    this.logTail = output.trimEnd().split('\n').slice(-40).join('\n');
  }
}

/**
 * Installs the locked dependencies if they are not there, and returns the Node binary to use.
 *
 * @param {{ root: string, signal: AbortSignal }} options
 * @returns {Promise<string>}
 */
export async function prepare({ root, signal }) {
  if (!isInstalled(root)) await install({ root, signal });
  let node = pinnedNode(root);
  if (node === undefined && !signal.aborted) {
    // npm was told to ignore install scripts; the pin's own script only unpacks its binary.
    await npm({ root, signal, args: ['rebuild', 'node', '--ignore-scripts=false'] });
    node = pinnedNode(root);
  }
  if (node === undefined) {
    throw new PreparationError(
      `Node ${process.versions.node} is too old to run the workspace and the pinned Node is not installed. ` +
        'Install Node 22.19 or newer, or allow the install script of the npm package `node`.',
    );
  }
  return node;
}

/** @param {{ root: string, signal: AbortSignal }} options */
async function install({ root, signal }) {
  const progress = startProgress('Installing dependencies (npm ci)');
  const { exitCode, output } = await npm({
    root,
    signal,
    args: ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
  });
  if (exitCode === 0) return progress.done();
  progress.failed();
  if (signal.aborted) return;
  throw new PreparationError('The dependencies could not be installed; npm says:', output);
}

/** @param {{ root: string, signal: AbortSignal, args: string[] }} options */
function npm({ root, signal, args }) {
  const program = npmProgram();
  if (program === undefined) {
    throw new PreparationError('npm was not found. Install it (it comes with Node) and try again.');
  }
  return runStep({
    node: process.execPath,
    args: [program, ...args],
    cwd: root,
    env: toolEnvironment(root),
    signal,
  });
}
