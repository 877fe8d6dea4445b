import * as z from '@espalier/core/zod';
import type { Exchange } from '../../stores/__fixtures__/exchange.js';

/**
 * The messages of Pinecone's API, as far as the store uses it, written after its OpenAPI documents of version 2026-07:
 * `db_control_2026-07.oas.yaml` and `db_data_2026-07.oas.yaml`.
 *
 * @see https://github.com/pinecone-io/pinecone-api
 */
const id = z.string().regex(/^[\u0001-\u007f]{1,512}$/u);
const values = z.array(z.number()).min(1).max(20_000);
const usage = z.strictObject({ readUnits: z.number().optional() });
const pagination = z.strictObject({ next: z.string() });
const namespace = z.string().optional();
const metadata = z.record(
  z.string().regex(/^[^$]/u),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
);
const vector = z.strictObject({ id, values: values.optional(), metadata: metadata.optional() });
const filter = z.record(z.string(), z.json());
const vectors = z.record(z.string(), vector);
const schema = z.strictObject({
  fields: z.record(
    z.string(),
    z.strictObject({
      type: z.literal('dense_vector'),
      dimension: z.number().int().min(1).max(20_000),
      metric: z.enum(['cosine', 'euclidean', 'dotproduct']),
    }),
  ),
});
const deployment = z.strictObject({
  deployment_type: z.literal('managed'),
  cloud: z.string(),
  region: z.string(),
  environment: z.string().optional(),
});
const model = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,45}$/u),
  host: z.string(),
  status: z.strictObject({ ready: z.boolean(), state: z.string() }),
  deployment,
  schema,
  deletion_protection: z.enum(['enabled', 'disabled']),
});
const nothing = z.strictObject({});

/** An operation: its request's body and parameters, the status and body of its answer. */
interface Operation {
  readonly body?: z.ZodType;
  readonly query?: z.ZodType;
  readonly status: number;
  readonly answer: z.ZodType;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /indexes': { status: 200, answer: z.strictObject({ indexes: z.array(model).optional() }) },
  'POST /indexes': {
    body: z.strictObject({ name: model.shape.name, schema, deployment }),
    status: 201,
    answer: model,
  },
  'GET /indexes/*': { status: 200, answer: model },
  'DELETE /indexes/*': { status: 202, answer: nothing },
  'POST /describe_index_stats': {
    body: z.strictObject({ filter: filter.optional() }),
    status: 200,
    answer: z.strictObject({
      namespaces: z.record(z.string(), z.strictObject({ vectorCount: z.number() })).optional(),
      dimension: z.number().optional(),
      indexFullness: z.number().optional(),
      totalVectorCount: z.number().optional(),
    }),
  },
  'POST /vectors/upsert': {
    body: z.strictObject({ vectors: z.array(vector).min(1).max(1000), namespace }),
    status: 200,
    answer: z.strictObject({ upsertedCount: z.number() }),
  },
  'POST /vectors/delete': {
    body: z.strictObject({
      ids: z.array(id).min(1).max(1000).optional(),
      deleteAll: z.boolean().optional(),
      namespace,
    }),
    status: 200,
    answer: nothing,
  },
  'GET /vectors/fetch': {
    query: z.strictObject({ ids: z.array(id).min(1).max(1000), namespace: z.tuple([z.string()]) }),
    status: 200,
    answer: z.strictObject({ vectors: vectors.optional(), namespace, usage: usage.optional() }),
  },
  'POST /vectors/fetch_by_metadata': {
    body: z.strictObject({
      filter,
      limit: z.number().int().optional(),
      paginationToken: z.string().optional(),
      namespace,
    }),
    status: 200,
    answer: z.strictObject({
      vectors: vectors.optional(),
      namespace,
      usage: usage.optional(),
      pagination: pagination.optional(),
    }),
  },
  'GET /vectors/list': {
    query: z.strictObject({
      prefix: z.tuple([z.string().max(512)]).optional(),
      limit: z.tuple([z.string().regex(/^(100|[1-9]\d?)$/u)]).optional(),
      paginationToken: z.tuple([z.string()]).optional(),
      namespace: z.tuple([z.string()]),
    }),
    status: 200,
    answer: z.strictObject({
      vectors: z.array(z.strictObject({ id })).optional(),
      pagination: pagination.optional(),
      namespace,
      usage: usage.optional(),
    }),
  },
  'POST /query': {
    body: z.strictObject({
      namespace,
      topK: z.number().int().min(1).max(10_000),
      filter: filter.optional(),
      includeMetadata: z.boolean().optional(),
      includeValues: z.boolean().optional(),
      vector: values,
    }),
    status: 200,
    answer: z.strictObject({
      matches: z.array(
        z.strictObject({
          id,
          score: z.number().optional(),
          values: z.array(z.number()).optional(),
          metadata: z.record(z.string(), z.json()).optional(),
        }),
      ),
      namespace,
      usage: usage.optional(),
    }),
  },
};

/** Throws unless an exchange is one of Pinecone's API, from its path to the last field of its answer. */
export function assertPineconeExchange({ request, answer }: Exchange): void {
  const [method = '', address = ''] = request.line.split(' ');
  const { pathname, searchParams } = new URL(address, 'http://service.test');
  // Indexes have hosts of their own at Pinecone, folders in the stand-in.
  const path = pathname.replace(/^\/of\/[^/]+/u, '').replace(/^\/indexes\/.+/u, '/indexes/*');
  const operation = OPERATIONS[`${method} ${path}`];
  if (operation === undefined) throw new Error(`${request.line} is no operation of the API.`);
  const names = [...new Set(searchParams.keys())];
  const query = Object.fromEntries(names.map((name) => [name, searchParams.getAll(name)]));
  (operation.query ?? nothing).parse(query);
  (operation.body ?? nothing).parse(JSON.parse(request.body === '' ? '{}' : request.body));
  if (answer.status !== operation.status)
    throw new Error(`${request.line} was answered with ${answer.status}.`);
  operation.answer.parse(JSON.parse(answer.body === '' ? '{}' : answer.body));
}
