import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workspacePackages } from '../checks/source-files.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

const REPORT = 'reports/tests.json';

const testedPackages = (root) =>
  workspacePackages(root).filter(({ folder }) =>
    existsSync(join(root, folder, 'vitest.config.ts')),
  );

/**
 * Removes the reports of earlier runs, so that none is counted that this run did not write.
 *
 * @param {string} root
 */
export function forgetVitestReports(root) {
  for (const { folder } of testedPackages(root))
    rmSync(join(root, folder, REPORT), { force: true });
}

/**
 * Adds up the vitest reports of all packages. A package without a report, and a file that could not
 * even be loaded, count as one failure each.
 *
 * @param {string} root
 * @returns {Totals}
 */
export function vitestTotals(root) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const { folder } of testedPackages(root)) {
    const path = join(root, folder, REPORT);
    if (!existsSync(path)) {
      totals.failed += 1;
      continue;
    }
    const report = JSON.parse(readFileSync(path, 'utf8'));
    totals.passed += report.numPassedTests;
    totals.failed += report.numFailedTests;
    totals.skipped += report.numPendingTests + report.numTodoTests;
    totals.failed += report.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    ).length;
  }
  return totals;
}

/**
 * Reads the closing lines of a TAP report of `node --test`.
 *
 * @param {string} text
 * @returns {Totals}
 */
export function tapTotals(text) {
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
  };
}

/**
 * Returns the closing line of a run: `N passed, N failed`, with the skipped ones if any.
 *
 * @param {Totals} totals
 * @returns {string}
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
