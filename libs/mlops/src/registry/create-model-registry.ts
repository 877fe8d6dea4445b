import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareVersions, type RegistryDifference } from './compare-versions.js';
import { findEntry, nameAt, referenceOf } from './internal/find-entry.js';
import { openRegistryIndex } from './internal/registry-index.js';
import { withRegistryLock } from './internal/registry-lock.js';
import {
  hashFile,
  linkVersion,
  objectFile,
  storedHashes,
  storeFolder,
} from './internal/registry-objects.js';
import { moveProduction, removableVersions } from './internal/registry-stages.js';
import {
  RegistryFileError,
  RegistryRequestError,
  RegistryUnknownError,
} from './registry-errors.js';
import {
  registryLineageSchema,
  type RegistryEntry,
  type RegistryIndex,
  type RegistryLineage,
  type RegistryMove,
  type RegistryName,
  type RegistryStage,
} from './registry-entry.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/u;
const ALIAS = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/u;
const STAGES: readonly string[] = ['candidate', 'staging', 'production', 'archived'];

/** What is registered. */
export interface RegisterOptions {
  readonly name: string;
  readonly kind: 'model' | 'adapter';
  /** Its files and those in folders below, but not what is in `checkpoints` and `runs`. */
  readonly folder: string;
  readonly id?: string;
  /** The registered model that an adapter belongs on. */
  readonly base?: string;
  readonly lineage?: Partial<RegistryLineage>;
  readonly metrics?: Readonly<Record<string, number>>;
}

/** What was, or would be, removed. */
export interface GarbageReport {
  readonly versions: readonly string[];
  /** Contents that no version has. */
  readonly objects: number;
  /** Units: bytes. */
  readonly bytes: number;
  readonly isDryRun: boolean;
}

/** Keeps models and adapters by their content, with where they came from and where they stand. */
export interface ModelRegistry {
  /** Adds a version; where the latest of the name has the same content and base, that one is returned. */
  register(options: RegisterOptions): Promise<RegistryEntry>;
  /** What a reference means: an id, `name`, `name@version`, `name@alias`, `name@stage`; undefined where nothing. */
  find(reference: string): RegistryEntry | undefined;
  /** @throws {RegistryUnknownError} `ERR_REGISTRY_UNKNOWN` */
  get(reference: string): RegistryEntry;
  /** All versions, or those of a name; the latest first within a name. */
  list(name?: string): readonly RegistryEntry[];
  aliases(name: string): Readonly<Record<string, number>>;
  history(name: string): readonly RegistryMove[];
  /** The folder with a version's files; they are never changed. */
  folderOf(entry: RegistryEntry): string;
  /** Moves a version to a stage; what was in production is archived when another comes. */
  promote(reference: string, stage: RegistryStage): Promise<RegistryEntry>;
  /** Points an alias of a name at a version of it; `null` removes it. */
  setAlias(name: string, alias: string, reference: string | null): Promise<void>;
  compare(from: string, to: string): RegistryDifference;
  /** Puts back what stood in production, or under an alias, before the last change. */
  rollback(name: string, label?: string): Promise<RegistryEntry>;
  /**
   * Removes archived versions that no alias, and no adapter that is kept, refers to, and contents without a version.
   *
   * With `isDryRun` it only tells.
   */
  collectGarbage(options?: { readonly isDryRun?: boolean }): Promise<GarbageReport>;
  /** Compares a version's files with their hashes. @throws {RegistryFileError} `ERR_REGISTRY_FILE` */
  verify(reference: string): Promise<void>;
}

/**
 * Opens a registry in a folder, which may not exist yet; several processes may use it at once.
 *
 * Every change appears whole or not at all, also when the process is killed on the way.
 */
export function createModelRegistry(options: {
  readonly folder: string;
  readonly now?: () => Date;
}): ModelRegistry {
  const root = options.folder;
  const now = (): string => (options.now?.() ?? new Date()).toISOString();
  const index = openRegistryIndex(root);

  const versionFolder = ({ name, version }: RegistryEntry): string =>
    join(root, 'versions', encodeURIComponent(name), String(version));
  const get = (reference: string, from = index.read()): RegistryEntry => {
    const found = findEntry(from, reference);
    if (found === undefined)
      throw new RegistryUnknownError({ reference, known: Object.keys(from.names) });
    return found;
  };
  const namedOf = (from: RegistryIndex, name: string): RegistryName => {
    const found = nameAt(from, name);
    if (found === undefined)
      throw new RegistryUnknownError({ reference: name, known: Object.keys(from.names) });
    return found;
  };
  const change = async <T>(work: (draft: RegistryIndex) => Promise<T> | T): Promise<T> => {
    try {
      await mkdir(root, { recursive: true });
    } catch (cause) {
      throw new RegistryFileError({ file: root, problem: 'it cannot be made', cause });
    }
    return withRegistryLock(join(root, 'lock'), async () => {
      const draft = structuredClone(index.read());
      const result = await work(draft);
      await index.replace(draft);
      return result;
    });
  };

  return {
    async register(asked) {
      const { name, kind, folder, id, base } = asked;
      if (!NAME.test(name))
        throw new RegistryRequestError({
          problem: `"${name.slice(0, 130)}" is no name for a model`,
          advice: 'Use 1 to 128 letters, digits, ".", "_", ":" or "-", a letter or digit first.',
        });
      return change(async (draft) => {
        const baseEntry = base === undefined ? undefined : get(base, draft);
        if (kind === 'adapter' && baseEntry?.kind !== 'model')
          throw new RegistryRequestError({
            problem: `The adapter "${name}" names no registered model as its base`,
            advice: 'Register the base model first and name it.',
          });
        const files = await storeFolder(root, folder);
        if (files.length === 0)
          throw new RegistryFileError({ file: folder, problem: 'it holds no files' });
        const digest = createHash('sha256')
          .update(files.map(({ path, sha256 }) => `${sha256} ${path}\n`).join(''))
          .digest('hex');
        const kept = (draft.names[name] ??= { next: 1, versions: [], aliases: {}, history: [] });
        const baseReference = baseEntry && referenceOf(baseEntry);
        const same = kept.versions.findLast(
          (known) => known.digest === digest && known.base === baseReference && known.id === id,
        );
        if (same !== undefined) return same;
        const entry: RegistryEntry = {
          name,
          version: kept.next,
          kind,
          ...(id !== undefined && { id }),
          digest,
          files,
          ...(baseReference !== undefined && { base: baseReference }),
          lineage: registryLineageSchema.parse(asked.lineage ?? {}),
          metrics: { ...asked.metrics },
          stage: 'candidate',
          createdAt: now(),
        };
        await linkVersion(root, versionFolder(entry), files);
        kept.next++;
        kept.versions.push(entry);
        return entry;
      });
    },
    find: (reference) => findEntry(index.read(), reference),
    get: (reference) => get(reference),
    list(name) {
      const { names } = index.read();
      const chosen = name === undefined ? Object.values(names) : [namedOf(index.read(), name)];
      return chosen.flatMap(({ versions }) => versions.toReversed());
    },
    aliases: (name) => ({ ...namedOf(index.read(), name).aliases }),
    history: (name) => namedOf(index.read(), name).history,
    folderOf: versionFolder,
    promote: (reference, stage) =>
      change((draft) => {
        const entry = get(reference, draft);
        const named = namedOf(draft, entry.name);
        if (stage === 'production') moveProduction(named, entry.version, now());
        else if (entry.stage === 'production') {
          moveProduction(named, null, now());
          entry.stage = stage;
        } else entry.stage = stage;
        return entry;
      }),
    setAlias: (name, alias, reference) =>
      change((draft) => {
        if (!ALIAS.test(alias) || STAGES.includes(alias))
          throw new RegistryRequestError({
            problem: `"${alias.slice(0, 80)}" is no name for an alias`,
            advice:
              'Use letters, digits, ".", "_" or "-", a letter first, and not that of a stage.',
          });
        const named = namedOf(draft, name);
        const entry = reference === null ? undefined : get(reference, draft);
        if (entry !== undefined && entry.name !== name)
          throw new RegistryRequestError({
            problem: `${referenceOf(entry)} is no version of "${name}"`,
            advice: 'Point the alias at a version of its own name.',
          });
        const from = named.aliases[alias] ?? null;
        if (entry === undefined) delete named.aliases[alias];
        else named.aliases[alias] = entry.version;
        named.history.push({ label: alias, from, to: entry?.version ?? null, at: now() });
      }),
    compare: (from, to) => compareVersions(get(from), get(to)),
    rollback: (name, label = 'production') =>
      change((draft) => {
        const named = namedOf(draft, name);
        const last = named.history.findLast((move) => move.label === label);
        const before = named.versions.find(({ version }) => version === last?.from);
        if (before === undefined)
          throw new RegistryRequestError({
            problem: `Nothing stood under ${name}@${label} before`,
            advice: 'Promote a version, or point the alias at one.',
          });
        if (label === 'production') moveProduction(named, before.version, now());
        else {
          const from = named.aliases[label] ?? null;
          named.aliases[label] = before.version;
          named.history.push({ label, from, to: before.version, at: now() });
        }
        return before;
      }),
    collectGarbage: ({ isDryRun = false } = {}) =>
      change(async (draft) => {
        const removed = removableVersions(draft);
        for (const named of Object.values(draft.names))
          named.versions = named.versions.filter((entry) => !removed.includes(entry));
        const used = new Set(
          Object.values(draft.names).flatMap(({ versions }) =>
            versions.flatMap(({ files }) => files.map(({ sha256 }) => sha256)),
          ),
        );
        const unused = (await storedHashes(root)).filter((hash) => !used.has(hash));
        const sizes = await Promise.all(
          unused.map(async (hash) => (await stat(objectFile(root, hash))).size),
        );
        const report: GarbageReport = {
          versions: removed.map(referenceOf),
          objects: unused.length,
          bytes: sizes.reduce((total, size) => total + size, 0),
          isDryRun,
        };
        if (isDryRun) {
          draft.names = structuredClone(index.read().names);
          return report;
        }
        // First the index, so that nothing ever names what is gone.
        await index.replace(draft);
        await removeFolders(root, draft, versionFolder);
        for (const hash of unused) await rm(objectFile(root, hash), { force: true });
        return report;
      }),
    async verify(reference) {
      const entry = get(reference);
      for (const { path, sha256 } of entry.files) {
        const file = join(versionFolder(entry), path);
        if ((await hashFile(file)) !== sha256)
          throw new RegistryFileError({ file, problem: 'its content was changed' });
      }
    },
  };
}

/** Removes folders of versions that the index does not name, and what killed processes left. */
async function removeFolders(
  root: string,
  draft: RegistryIndex,
  folderOf: (entry: RegistryEntry) => string,
): Promise<void> {
  const kept = new Set(
    Object.values(draft.names).flatMap(({ versions }) => versions.map(folderOf)),
  );
  await rm(join(root, 'drafts'), { recursive: true, force: true });
  const parent = join(root, 'versions');
  for (const name of await readdir(parent).catch((): string[] => []))
    for (const version of await readdir(join(parent, name))) {
      const folder = join(parent, name, version);
      if (!kept.has(folder)) await rm(folder, { recursive: true, force: true });
    }
}
