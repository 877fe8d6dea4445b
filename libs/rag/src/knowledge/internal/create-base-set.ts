import type { BaseRow } from '../../catalogue/base-registry.js';
import {
  IndexMismatchError,
  KnowledgeBaseExistsError,
  KnowledgeBaseNameError,
  KnowledgeBaseUnknownError,
} from '../../errors.js';
import { createKnowledgeBase, type OpenKnowledgeBase } from '../create-knowledge-base.js';
import type { KnowledgeBase, KnowledgeBaseSet } from '../knowledge-base.js';
import type { BaseContext } from './base-context.js';
import { buryDoomed } from './bury-doomed.js';
import { createCorpus } from './corpus.js';
import { createMutex } from '../../internal/mutex.js';
import { openParts } from './open-parts.js';
import { readSnapshot } from './read-snapshot.js';
import { rebuild } from './rebuild.js';
import { restoreDocuments } from './restore-documents.js';

/** The knowledge bases of a tenant with the end of their lives. */
export interface OwnedBaseSet extends KnowledgeBaseSet {
  /** Resolves when nothing is running any more. */
  settle(): Promise<void>;
  /** Removes from the stores of open knowledge bases the bytes of what was deleted. */
  purgeIndexes(): Promise<void>;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/u;

/** Creates the knowledge bases of one tenant; the empty text stands for none. */
export function createBaseSet(context: BaseContext, tenant: string): OwnedBaseSet {
  const { registry, assertOpen, wanted, common, infoOf } = context;
  const opened = new Map<string, Promise<OpenKnowledgeBase>>();
  const mutex = createMutex();
  /** Keys that are being filled and have no knowledge base yet. */
  const filling = new Set<string>();

  const find = async (name: string): Promise<BaseRow> => {
    const row = await registry.find(tenant, name);
    if (row !== undefined) return row;
    const known = await registry.list(tenant);
    throw new KnowledgeBaseUnknownError({ name, known: known.map((one) => one.name) });
  };
  const clean = (): Promise<void> =>
    buryDoomed({ ...context, embedder: common.embedder }, { except: filling });
  const open = (row: BaseRow): Promise<OpenKnowledgeBase> => {
    const known = opened.get(row.name);
    if (known !== undefined) return known;
    const opening = openParts(context, row).then(({ parts }) =>
      createKnowledgeBase(context, { parts, info: infoOf(row) }),
    );
    opened.set(row.name, opening);
    opening.catch(() => opened.delete(row.name));
    return opening;
  };
  const assertFree = async (name: unknown): Promise<string> => {
    if (typeof name !== 'string' || !NAME.test(name)) throw new KnowledgeBaseNameError({ name });
    if ((await registry.find(tenant, name)) !== undefined)
      throw new KnowledgeBaseExistsError({ name });
    return name;
  };
  const newRow = async (name: string, description: string | undefined): Promise<BaseRow> => ({
    tenant,
    name,
    storage_key: await registry.freeKey(tenant, name),
    description: description?.toWellFormed() ?? null,
    ...wanted,
    created_at_ms: common.clock.now(),
  });

  return {
    create: ({ name, description }) =>
      mutex.run(async (): Promise<KnowledgeBase> => {
        assertOpen();
        await clean();
        const row = await newRow(await assertFree(name), description);
        // What an earlier one of this name left in the store must not come back.
        await context.dropIndex(row.storage_key);
        await registry.insert(row);
        return open(row);
      }),
    async get(name) {
      assertOpen();
      return opened.get(name) ?? open(await find(name));
    },
    async list() {
      assertOpen();
      const counts = await registry.counts();
      return (await registry.list(tenant)).map((row) => ({
        ...infoOf(row),
        ...(counts.get(row.storage_key) ?? { documents: 0, chunks: 0 }),
      }));
    },
    drop: (name) =>
      mutex.run(async () => {
        assertOpen();
        const row = await find(name);
        const base = await opened.get(name)?.catch(() => undefined);
        await base?.settle();
        opened.delete(name);
        await registry.remove(row);
        await clean();
        await context.purger.purge();
      }),
    reindex: ({ name, ...options }) =>
      mutex.run(async () => {
        assertOpen();
        const row = await find(name);
        const run = async () => {
          const { catalogueOf, openIndex } = context;
          const done = await rebuild(
            { row, registry, catalogueOf, openIndex, clean, common: context.partsOf(row) },
            options,
          );
          return { ...done, info: infoOf(await find(name)), result: done.report };
        };
        const base = await opened.get(name)?.catch(() => undefined);
        const report = base === undefined ? (await run()).report : await base.replace(run);
        await clean();
        await context.purger.purge();
        return report;
      }),
    migrate: ({ name, from, ...options }) =>
      mutex.run(async () => {
        assertOpen();
        const startedAt = common.clock.monotonic();
        const row = await find(name);
        const { embedding, dimension, storage_key: key } = row;
        if (infoOf(row).needsReindex) {
          throw new IndexMismatchError({ index: name, found: { embedding, dimension }, wanted });
        }
        await opened.get(name)?.then((base) => base.settle());
        opened.delete(name);
        const source = await from.openIndex({ name: key, embedding, dimension });
        const { parts, repaired } = await openParts(context, row, { ...options, from: source });
        const base = createKnowledgeBase(context, { parts, info: infoOf(row) });
        opened.set(name, Promise.resolve(base));
        return {
          copied: repaired.copied,
          embedded: repaired.added - repaired.copied,
          durationMs: common.clock.monotonic() - startedAt,
        };
      }),
    restore: ({ path, name, ...options }) =>
      mutex.run(async (): Promise<KnowledgeBase> => {
        assertOpen();
        await clean();
        const { head, documents } = await readSnapshot(path, options.abortSignal);
        const row = await newRow(await assertFree(name ?? head.name), head.description);
        const key = row.storage_key;
        filling.add(key);
        try {
          await registry.reserve(key);
          await context.dropIndex(key);
          const index = await context.openIndex(key);
          const catalogue = context.catalogueOf(key);
          const parts = {
            ...context.partsOf(row),
            storageKey: key,
            catalogue,
            corpus: createCorpus(),
            index,
          };
          const isSameModel =
            head.embedding === wanted.embedding && head.dimension === wanted.dimension;
          await restoreDocuments(parts, { documents, isSameModel }, options);
          await registry.insert(row, { ownsKey: true });
          const base = createKnowledgeBase(context, { parts, info: infoOf(row) });
          opened.set(row.name, Promise.resolve(base));
          return base;
        } finally {
          filling.delete(key);
          await clean();
        }
      }),
    async settle() {
      const bases = await Promise.allSettled(opened.values());
      for (const base of bases) if (base.status === 'fulfilled') await base.value.settle();
      await mutex.run(async () => undefined);
    },
    async purgeIndexes() {
      for (const base of await Promise.allSettled(opened.values()))
        if (base.status === 'fulfilled') await base.value.purgeIndex();
    },
  };
}
