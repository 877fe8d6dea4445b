import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isInstalled } from './installation.mjs';

/** Calls `check` with a folder whose lock file and hidden lock file hold these packages. */
function withLocks(wanted, installed, check) {
  const root = mkdtempSync(join(tmpdir(), 'espalier-install-'));
  try {
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: wanted }));
    mkdirSync(join(root, 'node_modules'));
    if (installed !== undefined) {
      const path = join(root, 'node_modules/.package-lock.json');
      writeFileSync(path, typeof installed === 'string' ? installed : JSON.stringify(installed));
    }
    check(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const wanted = {
  '': { name: 'root' },
  'libs/a': { version: '1.0.0' },
  'node_modules/a': { resolved: 'libs/a', link: true },
  'node_modules/b': { version: '2.0.0' },
  'node_modules/only-mac': { version: '1.0.0', optional: true },
};
const complete = { 'node_modules/a': { link: true }, 'node_modules/b': { version: '2.0.0' } };

test('an install that ran to its end counts, whatever platform builds it left out', () => {
  withLocks(wanted, { packages: complete }, (root) => assert.equal(isInstalled(root), true));
});

test('an install cut off before npm wrote its record does not count', () => {
  withLocks(wanted, undefined, (root) => assert.equal(isInstalled(root), false));
  withLocks(wanted, '{"packages":', (root) => assert.equal(isInstalled(root), false));
});

test('a lock file that has moved on asks for a new install', () => {
  const older = { ...complete, 'node_modules/b': { version: '1.9.0' } };
  withLocks(wanted, { packages: older }, (root) => assert.equal(isInstalled(root), false));
  const missing = { 'node_modules/b': complete['node_modules/b'] };
  withLocks(wanted, { packages: missing }, (root) => assert.equal(isInstalled(root), false));
});
