import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkConceptPages } from '../checks/concept-pages.mjs';
import { checkConfigurationReference } from '../checks/configuration-reference.mjs';
import { checkErrorCatalogue } from '../checks/error-catalogue.mjs';
import { checkManifests } from '../checks/manifests.mjs';
import { checkMarkdownLinks } from '../checks/markdown-links.mjs';
import { checkSnippets } from '../checks/snippets.mjs';
import { workspacePackages } from '../checks/source-files.mjs';
import { bootServer } from './boot-server.mjs';
import { forgetVitestReports, tapTotals, vitestTotals } from './totals.mjs';

/**
 * @typedef {object} Workshop what a gate works with
 * @property {string} root
 * @property {string} node path of the pinned Node
 * @property {(program: string, ...args: string[]) => Promise<number>} run runs a tool of
 *   `node_modules`, resolves to its exit code
 * @property {(line: string) => void} say
 *
 * @typedef {import('./totals.mjs').Totals} Totals
 * @typedef {{ name: string, run: (shop: Workshop) => Promise<Totals> }} Gate
 */

const NX = 'nx/dist/bin/nx.js';

/** One check that passed or failed. @returns {Totals} */
const verdict = (isPassed) => ({
  passed: isPassed ? 1 : 0,
  failed: isPassed ? 0 : 1,
  skipped: 0,
});

/** A gate made of tool runs: each must exit 0, all are run. */
const tools = (name, ...commands) => ({
  name,
  /** @param {Workshop} shop */
  async run({ run }) {
    let isPassed = true;
    for (const [program, ...args] of commands) {
      if ((await run(program, ...args)) !== 0) isPassed = false;
    }
    return verdict(isPassed);
  },
});

const nxTarget = (target) => [NX, 'run-many', `--target=${target}`, '--skip-sync'];

/** A gate made of functions that return problems in sentences. */
const checks = (name, ...functions) => ({
  name,
  /** @param {Workshop} shop */
  async run({ root, say }) {
    const problems = functions.flatMap((check) => check(root));
    for (const problem of problems) say(`  ${problem}`);
    return verdict(problems.length === 0);
  },
});

/** @type {Gate} */
const unitTests = {
  name: 'test',
  async run({ root, run, say }) {
    forgetVitestReports(root);
    const exitCode = await run(...nxTarget('test'), '--output-style=static');
    const totals = vitestTotals(root);
    if (exitCode !== 0 && totals.failed === 0) {
      say('  A test run failed without a failed test; see the output above.');
      totals.failed += 1;
    }
    return totals;
  },
};

/** @type {Gate} */
const workspaceTests = {
  name: 'workspace',
  async run({ root, run }) {
    const report = join(root, 'reports/workspace.tap');
    mkdirSync(dirname(report), { recursive: true });
    const exitCode = await run(
      ...['--test', '--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...['--test-reporter=tap', `--test-reporter-destination=${report}`],
      ...['scripts/**/*.test.mjs', 'tools/**/*.test.mjs'],
    );
    const totals = tapTotals(readFileSync(report, 'utf8'));
    if (exitCode !== 0 && totals.failed === 0) totals.failed += 1;
    return totals;
  },
};

/** @type {Gate} */
const boot = {
  name: 'boot',
  async run({ root, node, say }) {
    const problem = await bootServer({ root, node });
    if (problem !== undefined) say(`  ${problem}`);
    return {
      passed: problem === undefined ? 1 : 0,
      failed: problem === undefined ? 0 : 1,
      skipped: 0,
    };
  },
};

/** @type {Gate} */
const examples = {
  name: 'examples',
  async run({ root, run }) {
    const totals = { passed: 0, failed: 0, skipped: 0 };
    for (const { manifest } of workspacePackages(root)) {
      if (manifest.scripts?.example === undefined) continue;
      const exitCode = await run(NX, 'run', `${manifest.name}:example`, '--skip-sync');
      if (exitCode === 0) totals.passed += 1;
      else totals.failed += 1;
    }
    return totals;
  },
};

/**
 * Every gate of the workspace, the quick ones first.
 *
 * @type {readonly Gate[]}
 */
export const GATES = [
  checks('manifests', checkManifests),
  checks(
    'docs',
    checkConceptPages,
    checkErrorCatalogue,
    checkConfigurationReference,
    checkMarkdownLinks,
    checkSnippets,
  ),
  tools('format', [
    'prettier/bin/prettier.cjs',
    ...['--check', '.', '--log-level=warn', '--cache', '--cache-location=.nx/prettier-cache'],
  ]),
  tools('references', [NX, 'sync:check']),
  tools('typecheck', nxTarget('typecheck'), ['typescript/bin/tsc', '-p', 'tsconfig.tools.json']),
  tools('lint', nxTarget('lint'), ['eslint/bin/eslint.js', 'scripts', 'tools', '*.mjs']),
  workspaceTests,
  unitTests,
  tools('build', nxTarget('build')),
  boot,
  tools('package-check', nxTarget('package-check')),
  examples,
  tools('unused', ['knip/bin/knip.js', '--no-progress']),
  tools('api-docs', ['typedoc/bin/typedoc', '--logLevel', 'Warn']),
];
