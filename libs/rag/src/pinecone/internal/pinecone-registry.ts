import type { Index } from '@pinecone-database/pinecone';

/** The namespace in Pinecone with what an index was made with and which namespaces it has. */
const REGISTRY = '__espalier__';
const INDEX_ID = 'index';
const NAMESPACE_PREFIX = 'ns_';
/** Where the records outside of all namespaces are. */
export const WHOLE = 'main';

/** The namespace's name in Pinecone, which takes ASCII only. */
export function partitionOf(namespace: string | undefined): string {
  return namespace === undefined
    ? WHOLE
    : NAMESPACE_PREFIX + Buffer.from(namespace, 'utf8').toString('hex');
}

/** What an index was made with; undefined where nothing is written yet. */
export async function readRegistry(
  target: Index,
): Promise<{ name: string; embedding: string } | undefined> {
  const { records } = await target.fetch({ ids: [INDEX_ID], namespace: REGISTRY });
  const metadata = records[INDEX_ID]?.metadata;
  const { name, embedding } = metadata ?? {};
  return typeof name === 'string' && typeof embedding === 'string'
    ? { name, embedding }
    : undefined;
}

/** Notes what an index is made with. */
export async function writeRegistry(
  target: Index,
  options: { dimension: number; name: string; embedding: string },
): Promise<void> {
  const { dimension, name, embedding } = options;
  const records = [{ id: INDEX_ID, values: unitVector(dimension), metadata: { name, embedding } }];
  await target.upsert({ records, namespace: REGISTRY });
}

/** Notes that an index has a namespace. */
export async function noteNamespace(
  target: Index,
  options: { dimension: number; namespace: string },
): Promise<void> {
  const id = partitionOf(options.namespace);
  const { records } = await target.fetch({ ids: [id], namespace: REGISTRY });
  if (records[id] !== undefined) return;
  await target.upsert({
    records: [{ id, values: unitVector(options.dimension) }],
    namespace: REGISTRY,
  });
}

/** Forgets a namespace. */
export async function forgetNamespace(target: Index, namespace: string): Promise<void> {
  await target.deleteMany({ ids: [partitionOf(namespace)], namespace: REGISTRY });
}

/** The namespaces that were noted, in order. */
export async function listNamespaces(target: Index): Promise<string[]> {
  const names: string[] = [];
  let paginationToken: string | undefined;
  do {
    const page = await target.listPaginated({
      prefix: NAMESPACE_PREFIX,
      namespace: REGISTRY,
      ...(paginationToken === undefined ? {} : { paginationToken }),
    });
    for (const { id } of page.vectors ?? [])
      if (id !== undefined)
        names.push(Buffer.from(id.slice(NAMESPACE_PREFIX.length), 'hex').toString('utf8'));
    paginationToken = page.pagination?.next;
  } while (paginationToken !== undefined && paginationToken !== '');
  return names.sort();
}

/** Pinecone takes no record without a vector, and none that is zero. */
function unitVector(dimension: number): number[] {
  return Array.from({ length: dimension }, (_, at) => (at === 0 ? 1 : 0));
}
