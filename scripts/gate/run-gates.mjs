import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep } from '../launch/child.mjs';
import { toolEnvironment } from '../launch/installation.mjs';
import { PreparationError, prepare } from '../launch/prepare.mjs';
import { closingLine } from './totals.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/**
 * Installs, runs every gate (or only the named ones) to its end whatever the others say, prints a
 * table and resolves to the exit code. The totals are left in `reports/summary.json`.
 *
 * @param {string[]} names
 * @returns {Promise<number>}
 */
export async function runGates(names) {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => stop.abort());

  let node;
  try {
    node = await prepare({ root: ROOT, signal: stop.signal });
  } catch (error) {
    if (!(error instanceof PreparationError)) throw error;
    console.error(error.message);
    if (error.logTail !== '') console.error(error.logTail);
    return 1;
  }

  // Only now: some checks use packages, which a bare clone has not before.
  const { GATES } = await import('./gates.mjs');
  const gates = names.length === 0 ? GATES : GATES.filter(({ name }) => names.includes(name));
  const unknown = names.filter((name) => !GATES.some((gate) => gate.name === name));
  if (unknown.length > 0) {
    console.error(
      `There is no gate "${unknown.join('", "')}". Gates: ${GATES.map(({ name }) => name).join(', ')}.`,
    );
    return 2;
  }

  const shop = {
    root: ROOT,
    node,
    say: (line) => console.log(line),
    run: async (program, ...args) => {
      const isFlag = program.startsWith('-');
      const path = isFlag ? program : join(ROOT, 'node_modules', program);
      const { exitCode } = await runStep({
        node,
        args: [path, ...args],
        cwd: ROOT,
        env: toolEnvironment(ROOT),
        inherit: true,
        signal: stop.signal,
      });
      return exitCode;
    },
  };

  const results = [];
  for (const gate of gates) {
    console.log(`\n━━━ ${gate.name} ${'━'.repeat(Math.max(0, 74 - gate.name.length))}\n`);
    const startedAt = Date.now();
    let totals;
    try {
      totals = await gate.run(shop);
    } catch (error) {
      console.error(error);
      totals = { passed: 0, failed: 1, skipped: 0 };
    }
    if (stop.signal.aborted) return 130;
    results.push({ name: gate.name, ...totals, seconds: (Date.now() - startedAt) / 1000 });
  }
  return report(results);
}

/** Prints the table, writes the summary and returns the exit code. */
function report(results) {
  const sum = (field) => results.reduce((total, result) => total + result[field], 0);
  const totals = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  console.log('\n    gate            passed  failed  skipped  seconds');
  for (const { name, passed, failed, skipped, seconds } of results) {
    const cells = [passed, failed, skipped].map((count) => String(count).padStart(7)).join(' ');
    const mark = failed === 0 ? '✓' : '✗';
    console.log(`  ${mark} ${name.padEnd(14)} ${cells} ${seconds.toFixed(1).padStart(9)}`);
  }
  console.log(`\n${closingLine(totals)}`);
  mkdirSync(join(ROOT, 'reports'), { recursive: true });
  writeFileSync(
    join(ROOT, 'reports/summary.json'),
    `${JSON.stringify({ ...totals, line: closingLine(totals), gates: results }, null, 2)}\n`,
  );
  return totals.failed === 0 ? 0 : 1;
}
