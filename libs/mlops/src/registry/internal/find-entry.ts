import type { RegistryEntry, RegistryIndex, RegistryName } from '../registry-entry.js';

/** `name@version`. */
export const referenceOf = ({ name, version }: Pick<RegistryEntry, 'name' | 'version'>): string =>
  `${name}@${version}`;

/**
 * The version that a reference means: an id; `name@version`, `name@alias` or `name@stage`; or a name alone, of which the
 * version in production is taken, else the latest that is not archived, else the latest.
 */
export function findEntry(index: RegistryIndex, reference: string): RegistryEntry | undefined {
  for (const { versions } of Object.values(index.names)) {
    const named = versions.find(({ id }) => id === reference);
    if (named !== undefined) return named;
  }
  const plain = nameAt(index, reference);
  if (plain !== undefined) {
    const { versions } = plain;
    return (
      versions.find(({ stage }) => stage === 'production') ??
      versions.findLast(({ stage }) => stage !== 'archived') ??
      versions.at(-1)
    );
  }
  const at = reference.lastIndexOf('@');
  if (at < 1) return undefined;
  const found = nameAt(index, reference.slice(0, at));
  const label = reference.slice(at + 1);
  if (found === undefined) return undefined;
  if (/^\d+$/u.test(label)) return found.versions.find(({ version }) => version === Number(label));
  const alias = Object.hasOwn(found.aliases, label) ? found.aliases[label] : undefined;
  return alias === undefined
    ? found.versions.findLast(({ stage }) => stage === label)
    : found.versions.find(({ version }) => version === alias);
}

/** What is kept under a name. */
export function nameAt(index: RegistryIndex, name: string): RegistryName | undefined {
  return Object.hasOwn(index.names, name) ? index.names[name] : undefined;
}
