import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SKIPPED = new Set([
  ...['node_modules', 'dist', 'out-tsc', 'reports', 'coverage', '.git', '.nx', '.espalier'],
  ...['.venv', '__fixtures__', 'api'],
]);

/**
 * Returns the paths, relative to `root`, of the files below `folder` whose name passes `accept`.
 * Build outputs and fixtures are left out.
 *
 * @param {string} root
 * @param {string} folder
 * @param {(name: string) => boolean} accept
 * @returns {string[]}
 */
export function sourceFiles(root, folder, accept) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sourceFiles(root, path, accept);
    return entry.isFile() && accept(entry.name) ? [path] : [];
  });
}

/**
 * Returns every workspace package as its folder and manifest.
 *
 * @param {string} root
 * @returns {{ folder: string, manifest: Record<string, any> }[]}
 */
export function workspacePackages(root) {
  return ['libs', 'libs/models', 'apps', 'examples'].flatMap((parent) => {
    let names = [];
    try {
      names = readdirSync(join(root, parent));
    } catch {
      // A clone without examples, say.
    }
    return names.flatMap((name) => {
      const folder = `${parent}/${name}`;
      try {
        return [
          {
            folder,
            manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')),
          },
        ];
      } catch {
        return [];
      }
    });
  });
}
