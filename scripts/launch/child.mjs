import { spawn } from 'node:child_process';

const leash = (end) => {
  const url = new URL('./leash.mjs', import.meta.url);
  url.searchParams.set('end', end);
  return url.href;
};

/**
 * Runs a Node program as one step and resolves to its exit code and output.
 *
 * The step is the head of its own process group, so that stopping it stops everything it started;
 * it also ends when this process is killed.
 *
 * @param {object} step
 * @param {string} step.node path of the Node binary
 * @param {string[]} step.args program and arguments
 * @param {string} step.cwd
 * @param {NodeJS.ProcessEnv} [step.env]
 * @param {boolean} [step.inherit] print the output instead of collecting it
 * @param {AbortSignal} [step.signal] stops the step
 * @param {(line: string) => void} [step.onLine] hears each line of collected output
 * @returns {Promise<{ exitCode: number, output: string }>}
 */
export function runStep({ node, args, cwd, env = process.env, inherit = false, signal, onLine }) {
  return new Promise((resolve, reject) => {
    const out = inherit ? 'inherit' : 'pipe';
    const child = spawn(node, ['--import', leash('group'), ...args], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', out, out, 'ipc'],
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
      for (const line of String(chunk).split('\n')) if (line.trim() !== '') onLine?.(line.trim());
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);

    const killGroup = (name) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // The group has already ended.
      }
    };
    const stop = () => {
      killGroup('SIGTERM');
      setTimeout(() => killGroup('SIGKILL'), 3000).unref();
    };
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });

    child.once('error', reject);
    child.once('close', (code) => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) killGroup('SIGKILL');
      resolve({ exitCode: code ?? 1, output });
    });
  });
}

/**
 * Runs a long-lived Node program in this process group and resolves to its exit code.
 *
 * The first SIGTERM or SIGINT is passed on once; further ones are left to the program, which a
 * terminal signals directly. The program also gets SIGTERM when this process is killed.
 *
 * @param {object} program
 * @param {string} program.node
 * @param {string[]} program.args
 * @param {string} program.cwd
 * @param {NodeJS.ProcessEnv} [program.env]
 * @returns {Promise<number>}
 */
export function runServer({ node, args, cwd, env = process.env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, ['--import', leash('self'), ...args], {
      cwd,
      env,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    let isForwarded = false;
    const forward = (name) => {
      if (isForwarded) return;
      isForwarded = true;
      // A channel that has closed says that the program has ended.
      child.send(name, () => {});
    };
    process.on('SIGTERM', forward);
    process.on('SIGINT', forward);
    process.on('SIGHUP', forward);
    child.once('error', reject);
    child.once('exit', (code, name) => {
      process.off('SIGTERM', forward);
      process.off('SIGINT', forward);
      process.off('SIGHUP', forward);
      resolve(code ?? (name === 'SIGKILL' ? 137 : 143));
    });
  });
}
