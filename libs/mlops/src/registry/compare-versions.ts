import type { JsonValue } from '@espalier/core';
import { referenceOf } from './internal/find-entry.js';
import type { RegistryEntry } from './registry-entry.js';

/** What differs between two versions. */
export interface RegistryDifference {
  readonly from: string;
  readonly to: string;
  /** Settings of their jobs; `null` where one has none. */
  readonly config: Readonly<Record<string, { from: JsonValue; to: JsonValue }>>;
  /** Training data by name; hashes. */
  readonly data: Readonly<Record<string, { from: JsonValue; to: JsonValue }>>;
  readonly metrics: Readonly<Record<string, { from: number | null; to: number | null }>>;
  readonly files: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
  readonly base: { readonly from: string | null; readonly to: string | null };
}

/** Tells what differs between two versions. */
export function compareVersions(from: RegistryEntry, to: RegistryEntry): RegistryDifference {
  const hashes = ({ files }: RegistryEntry): Record<string, string> =>
    Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256]));
  const files = Object.entries(changes(hashes(from), hashes(to)));
  return {
    from: referenceOf(from),
    to: referenceOf(to),
    config: changes(from.lineage.config, to.lineage.config),
    data: changes(from.lineage.data, to.lineage.data),
    metrics: changes(from.metrics, to.metrics),
    files: {
      added: files.filter(([, change]) => change.from === null).map(([path]) => path),
      removed: files.filter(([, change]) => change.to === null).map(([path]) => path),
      changed: files
        .filter(([, change]) => change.from !== null && change.to !== null)
        .map(([path]) => path),
    },
    base: { from: from.base ?? null, to: to.base ?? null },
  };
}

function changes<Value extends JsonValue>(
  from: Readonly<Record<string, Value>>,
  to: Readonly<Record<string, Value>>,
): Record<string, { from: Value | null; to: Value | null }> {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return Object.fromEntries(
    keys
      .map((key) => [key, { from: from[key] ?? null, to: to[key] ?? null }] as const)
      .filter(([, change]) => JSON.stringify(change.from) !== JSON.stringify(change.to)),
  );
}
