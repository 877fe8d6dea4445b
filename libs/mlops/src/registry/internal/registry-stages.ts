import type { RegistryEntry, RegistryIndex, RegistryName } from '../registry-entry.js';
import { referenceOf } from './find-entry.js';

/** Puts a version, or none, in production; what stood there is archived. */
export function moveProduction(named: RegistryName, to: number | null, at: string): void {
  const before = named.versions.find(({ stage }) => stage === 'production');
  if (before?.version === to) return;
  for (const entry of named.versions) {
    if (entry === before) entry.stage = 'archived';
    if (entry.version === to) entry.stage = 'production';
  }
  named.history.push({ label: 'production', from: before?.version ?? null, to, at });
}

/** Archived versions that no alias and no adapter that stays refers to. */
export function removableVersions(index: RegistryIndex): RegistryEntry[] {
  const names = Object.values(index.names);
  const free = names.flatMap(({ versions, aliases }) => {
    const held = Object.values(aliases);
    return versions.filter(({ stage, version }) => stage === 'archived' && !held.includes(version));
  });
  const bases = new Set(
    names.flatMap(({ versions }) =>
      versions.filter((entry) => !free.includes(entry)).map(({ base }) => base),
    ),
  );
  return free.filter((entry) => !bases.has(referenceOf(entry)));
}
