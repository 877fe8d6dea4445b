import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sourceFiles } from './source-files.mjs';

const PORTS = 'libs/core/src';
const PAGES = 'docs/concepts';
/** What every port has, so that adapters of several versions can stand side by side. */
const PORT = /^ {2}readonly specificationVersion: 'v\d+';$/m;

/**
 * Returns the ports of core that no concept page links to, and the pages that the overview leaves out.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function checkConceptPages(root) {
  const pages = sourceFiles(root, PAGES, (name) => name.endsWith('.md'));
  const linked = new Set();
  for (const page of pages) {
    const text = readFileSync(join(root, page), 'utf8');
    for (const [, target] of text.matchAll(/\]\(([^)#\s]+)/g))
      linked.add(join(dirname(page), target));
  }
  const ports = sourceFiles(
    root,
    PORTS,
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  ).filter((path) => PORT.test(readFileSync(join(root, path), 'utf8')));
  const overview = join(PAGES, 'README.md');
  return [
    ...ports
      .filter((path) => !linked.has(path))
      .map((path) => `${path} holds a port that no page in ${PAGES} links to.`),
    ...pages
      .filter((page) => page !== overview && existsSync(join(root, page)) && !linked.has(page))
      .map((page) => `${page} is in no list: ${overview} must link to it.`),
  ];
}
