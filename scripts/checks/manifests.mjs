import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { workspacePackages } from './source-files.mjs';

const readJson = (root, path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

/**
 * Returns what is wrong with the lock file and the manifests: addresses of a registry, versions
 * that are not exact, shipped dependencies that need an install script, and public packages that no
 * changeset announces.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function checkManifests(root) {
  const lock = readJson(root, 'package-lock.json').packages;
  const manifest = readJson(root, 'package.json');
  const packages = workspacePackages(root);
  return [
    ...registryAddresses(lock),
    ...inexactVersions([{ folder: '.', manifest }, ...packages]),
    ...installScripts(lock, manifest.allowScripts ?? {}),
    ...unannounced(root, packages),
  ];
}

function registryAddresses(lock) {
  return Object.entries(lock)
    .filter(([, entry]) => /^[a-z+]+:\/\//.test(entry.resolved ?? ''))
    .map(([path]) => `package-lock.json: ${path} has a resolved address; see .npmrc.`);
}

function inexactVersions(packages) {
  const exact = /^(npm:@?[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;
  return packages.flatMap(({ folder, manifest }) =>
    ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((field) =>
      Object.entries(manifest[field] ?? {})
        .filter(([, version]) => !exact.test(version))
        .map(([name, version]) => `${folder}: ${field}.${name} is "${version}", not exact.`),
    ),
  );
}

/**
 * What ships must work with its install scripts blocked: either it has none, or this workspace
 * denies it (`allowScripts: { name: false }`), so that every test here proves it needs none.
 */
function installScripts(lock, allowScripts) {
  return Object.entries(lock)
    .filter(
      ([path, entry]) => path.includes('node_modules/') && entry.hasInstallScript && !entry.dev,
    )
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
    .filter((name) => allowScripts[name] !== false)
    .map((name) => `${name} ships and has an install script that allowScripts does not deny.`);
}

function unannounced(root, packages) {
  let announced = '';
  for (const name of readdirSync(join(root, '.changeset'))) {
    if (name.endsWith('.md')) announced += readFileSync(join(root, '.changeset', name), 'utf8');
  }
  return packages
    .filter(({ manifest }) => !manifest.private && manifest.version === '0.0.0')
    .filter(({ manifest }) => !announced.includes(`'${manifest.name}':`))
    .map(({ manifest }) => `${manifest.name} was never released and no changeset names it.`);
}
