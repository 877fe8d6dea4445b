import { BadRequest, fitsFilter, type StoredMetadata } from './pinecone-filter.js';

interface StoredVector {
  readonly id: string;
  readonly values: readonly number[];
  readonly metadata: StoredMetadata;
}

type Body = Readonly<Record<string, unknown>>;

const MAX_METADATA_BYTES = 40_960;
const MAX_TOP_K = 10_000;
const PRINTABLE = /^[\u0020-\u007e]{1,512}$/u;

/** The data of one index, answering the requests of Pinecone's data plane with the bodies it has. */
export interface PineconeData {
  readonly dimension: number;
  answer(path: string, query: URLSearchParams, body: Body): unknown;
}

/** Creates the data of an empty index. */
export function createPineconeData(dimension: number): PineconeData {
  const partitions = new Map<string, Map<string, StoredVector>>();
  const partition = (name: unknown): Map<string, StoredVector> => {
    if (typeof name !== 'string' || !PRINTABLE.test(name))
      throw new BadRequest('A namespace must be printable ASCII.');
    return partitions.get(name) ?? new Map<string, StoredVector>();
  };
  const page = (
    ids: readonly string[],
    limit: number,
    token: unknown,
  ): { part: readonly string[]; pagination?: { next: string } } => {
    const left = typeof token === 'string' && token !== '' ? ids.filter((id) => id > token) : ids;
    const part = left.slice(0, limit);
    const last = part.at(-1);
    return left.length > limit && last !== undefined
      ? { part, pagination: { next: last } }
      : { part };
  };
  const upsert = ({ vectors, namespace }: Body): unknown => {
    const rows = vectors as Partial<StoredVector>[];
    const checked = rows.map((row): StoredVector => {
      const { id = '', values = [], metadata = {} } = row;
      if (!PRINTABLE.test(id)) throw new BadRequest(`The id ${JSON.stringify(id)} is not ASCII.`);
      if (values.length !== dimension)
        throw new BadRequest(`Vector dimension ${values.length} is not ${dimension}.`);
      if (values.every((value) => value === 0))
        throw new BadRequest('Dense vectors must contain at least one non-zero value.');
      if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_METADATA_BYTES)
        throw new BadRequest('The metadata is larger than 40 KB.');
      for (const value of Object.values(metadata))
        if (!['string', 'number', 'boolean'].includes(typeof value))
          throw new BadRequest('Metadata values must be texts, numbers, booleans.');
      return { id, values: values.map(Math.fround), metadata };
    });
    const target = partition(namespace);
    partitions.set(namespace as string, target);
    for (const row of checked) target.set(row.id, row);
    return { upsertedCount: checked.length };
  };
  const remove = ({ ids, deleteAll, namespace }: Body): unknown => {
    const target = partition(namespace);
    if (deleteAll === true) partitions.delete(namespace as string);
    else if (Array.isArray(ids)) for (const id of ids as string[]) target.delete(id);
    else throw new BadRequest('Give ids or deleteAll.');
    return {};
  };
  const query = (body: Body): unknown => {
    const vector = body['vector'] as number[];
    const topK = body['topK'] as number;
    if (vector.length !== dimension || vector.every((value) => value === 0))
      throw new BadRequest('The vector of the query is of another dimension, or zero.');
    if (!(topK >= 1 && topK <= MAX_TOP_K)) throw new BadRequest('topK is out of range.');
    const matches = [...partition(body['namespace']).values()]
      .filter(({ metadata }) => body['filter'] === undefined || fitsFilter(metadata, body['filter']))
      .map(({ id, values, metadata }) => ({
        id,
        score: cosine(values, vector),
        ...(body['includeMetadata'] === true ? { metadata } : {}),
      }));
    matches.sort((a, b) => b.score - a.score);
    return { matches: matches.slice(0, topK), namespace: body['namespace'], usage: { readUnits: 1 } };
  };
  const withIds = (target: Map<string, StoredVector>, ids: readonly string[]): unknown =>
    Object.fromEntries(
      ids.flatMap((id) => {
        const row = target.get(id);
        return row === undefined ? [] : [[id, row]];
      }),
    );
  return {
    dimension,
    answer(path, parameters, body) {
      switch (path) {
        case '/vectors/upsert':
          return upsert(body);
        case '/vectors/delete':
          return remove(body);
        case '/query':
          return query(body);
        case '/vectors/fetch': {
          const namespace = parameters.get('namespace');
          return { vectors: withIds(partition(namespace), parameters.getAll('ids')), namespace };
        }
        case '/vectors/fetch_by_metadata': {
          const { namespace, filter, limit, paginationToken } = body;
          const target = partition(namespace);
          const ids = [...target.values()]
            .filter(({ metadata }) => fitsFilter(metadata, filter))
            .map(({ id }) => id)
            .sort();
          const { part, ...rest } = page(ids, Number(limit ?? 100), paginationToken);
          return { vectors: withIds(target, part), namespace, ...rest };
        }
        case '/vectors/list': {
          const prefix = parameters.get('prefix') ?? '';
          const ids = [...partition(parameters.get('namespace')).keys()]
            .filter((id) => id.startsWith(prefix))
            .sort();
          const limit = Number(parameters.get('limit') ?? 100);
          if (limit > 100) throw new BadRequest('The limit is out of range.');
          const { part, ...rest } = page(ids, limit, parameters.get('paginationToken'));
          return { vectors: part.map((id) => ({ id })), ...rest };
        }
        case '/describe_index_stats': {
          const sizes = [...partitions].map(([name, { size }]) => [name, { vectorCount: size }]);
          return { namespaces: Object.fromEntries(sizes), dimension, indexFullness: 0, totalVectorCount: 0 };
        }
        default:
          return undefined;
      }
    },
  };
}

function cosine(first: readonly number[], second: readonly number[]): number {
  let dot = 0;
  let one = 0;
  let other = 0;
  for (const [at, value] of first.entries()) {
    const against = second[at] ?? 0;
    dot += value * against;
    one += value * value;
    other += against * against;
  }
  return dot / Math.sqrt(one * other);
}
