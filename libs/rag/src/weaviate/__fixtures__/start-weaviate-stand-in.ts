import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createServer as createGrpcServer, type CompatServiceDefinition } from 'nice-grpc';
import {
  distanceOf,
  fitsFilter,
  type StoredCollection,
  type StoredObject,
  type WireFilter,
} from './weaviate-data.js';

/** A server that answers as Weaviate does, as far as the store asks it. */
export interface WeaviateStandIn {
  readonly port: number;
  readonly grpcPort: number;
  close(): Promise<void>;
}

interface WireObject {
  readonly uuid: string;
  readonly collection: string;
  readonly tenant: string;
  readonly vectorBytes: Uint8Array;
  readonly vectors: readonly { readonly vectorBytes: Uint8Array }[];
  readonly properties?: { readonly nonRefProperties?: Record<string, unknown> };
}

interface WireRequest {
  readonly collection: string;
  readonly tenant?: string;
  readonly filters?: WireFilter;
  readonly limit?: number;
  readonly sortBy?: readonly { readonly ascending: boolean; readonly path: readonly string[] }[];
  readonly nearVector?: {
    readonly vectorBytes: Uint8Array;
    readonly vectors: readonly { readonly vectorBytes: Uint8Array }[];
  };
}

/** Starts the HTTP server of the schema and the gRPC server of the data; the messages are those of the client's own files. */
export async function startWeaviateStandIn(): Promise<WeaviateStandIn> {
  const require = createRequire(import.meta.url);
  const proto = join(dirname(require.resolve('weaviate-client')), 'proto');
  const { WeaviateDefinition } = require(join(proto, 'v1/weaviate.js')) as {
    WeaviateDefinition: CompatServiceDefinition;
  };
  const { HealthDefinition } = require(join(proto, 'google/health/v1/health.js')) as {
    HealthDefinition: CompatServiceDefinition;
  };
  const collections = new Map<string, StoredCollection>();

  const objectsOf = (name: string, tenant = ''): Map<string, StoredObject> => {
    const found = collections.get(name);
    if (found === undefined) throw new Error(`could not find class ${name} in schema`);
    const objects = found.tenants.get(tenant);
    if (objects === undefined) throw new Error(`tenant not found: "${tenant}"`);
    return objects;
  };
  const fitting = ({ collection, tenant, filters }: WireRequest): StoredObject[] => {
    const all = [...objectsOf(collection, tenant).values()];
    const found = collections.get(collection);
    return filters === undefined || found === undefined
      ? all
      : all.filter((object) => fitsFilter(found, object, filters));
  };
  const search = async (request: WireRequest): Promise<unknown> => {
    let rows = fitting(request).map((object) => ({ object, distance: 0 }));
    const { nearVector } = request;
    if (nearVector !== undefined) {
      const vector = floats(nearVector.vectors[0]?.vectorBytes ?? nearVector.vectorBytes);
      rows = rows
        .map(({ object }) => ({ object, distance: distanceOf(object.vector, vector) }))
        .sort((a, b) => a.distance - b.distance);
    }
    const [sort] = request.sortBy ?? [];
    if (sort !== undefined) {
      const by = (object: StoredObject): string => String(object.properties[sort.path[0] ?? '']);
      rows.sort((a, b) => (by(a.object) < by(b.object) ? -1 : 1) * (sort.ascending ? 1 : -1));
    }
    return {
      results: rows.slice(0, request.limit).map(({ object, distance }) => ({
        properties: {
          nonRefProps: { fields: fieldsOf(object.properties) },
          targetCollection: request.collection,
        },
        metadata: { id: object.uuid, distance, distancePresent: nearVector !== undefined },
      })),
    };
  };
  const grpc = createGrpcServer();
  grpc.add(HealthDefinition, {
    check: async () => ({ status: 1 }),
    async *watch() {
      yield { status: 1 };
    },
  });
  grpc.add(WeaviateDefinition, {
    search,
    async batchObjects({ objects }: { objects: WireObject[] }) {
      const errors: { index: number; error: string }[] = [];
      for (const [index, wire] of objects.entries()) {
        const { uuid, properties } = wire;
        const vector = floats(wire.vectors[0]?.vectorBytes ?? wire.vectorBytes);
        try {
          const target = objectsOf(wire.collection, wire.tenant);
          target.set(uuid, { uuid, vector, properties: properties?.nonRefProperties ?? {} });
        } catch (error) {
          errors.push({ index, error: (error as Error).message });
        }
      }
      return { errors };
    },
    async batchDelete(request: WireRequest) {
      const objects = objectsOf(request.collection, request.tenant);
      const found = fitting(request);
      for (const { uuid } of found) objects.delete(uuid);
      return { matches: found.length, successful: found.length, failed: 0, objects: [] };
    },
    async tenantsGet({ collection }: WireRequest) {
      const names = [...(collections.get(collection)?.tenants.keys() ?? [])];
      return { tenants: names.map((name) => ({ name, activityStatus: 1 })) };
    },
    async aggregate(request: WireRequest) {
      return { singleResult: { objectsCount: fitting(request).length } };
    },
    batchReferences: async () => ({}),
    async *batchStream() {
      yield {};
    },
  });
  const grpcPort = await grpc.listen('127.0.0.1:0');

  const answer = (
    method: string,
    [area = '', name = '', part = '']: readonly string[],
    body: unknown,
  ): { status: number; body?: unknown } => {
    if (area === 'meta') return { status: 200, body: { version: '1.39.0', hostname: 'stand-in' } };
    if (area !== 'schema') return { status: 404, body: {} };
    if (name === '' && method === 'POST') {
      const schema = body as StoredCollection['schema'];
      if (collections.has(schema.class))
        return problem(422, `class name ${schema.class} already exists`);
      const isDivided = schema.multiTenancyConfig?.enabled === true;
      const tenants = new Map(
        isDivided ? [] : [['', new Map<string, StoredObject>()] as const],
      );
      collections.set(schema.class, { schema, tenants });
      return { status: 200, body: schema };
    }
    if (name === '')
      return { status: 200, body: { classes: [...collections.values()].map(({ schema }) => schema) } };
    const collection = collections.get(name);
    if (method === 'DELETE' && part === '') {
      collections.delete(name);
      return { status: 200 };
    }
    if (collection === undefined) return { status: 404, body: {} };
    if (part === 'properties') {
      collection.schema.properties.push(body as StoredCollection['schema']['properties'][number]);
      return { status: 200, body };
    }
    if (part === 'tenants' && method === 'POST')
      for (const tenant of body as { name: string }[]) {
        if (!/^[A-Za-z0-9_-]{1,64}$/u.test(tenant.name)) return problem(422, 'invalid tenant name');
        if (!collection.tenants.has(tenant.name)) collection.tenants.set(tenant.name, new Map());
      }
    if (part === 'tenants' && method === 'DELETE')
      for (const tenant of body as string[]) collection.tenants.delete(tenant);
    return { status: 200, body: part === '' ? collection.schema : body };
  };
  const server = createServer((request, response) => {
    void (async (): Promise<void> => {
      const path = new URL(request.url ?? '/', 'http://stand-in').pathname;
      const content = await text(request);
      const body: unknown = content === '' ? undefined : JSON.parse(content);
      const result = answer(request.method ?? '', path.split('/').slice(2), body);
      response.writeHead(result.status, { 'content-type': 'application/json' });
      response.end(result.body === undefined ? undefined : JSON.stringify(result.body));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    grpcPort,
    async close() {
      server.closeAllConnections();
      grpc.forceShutdown();
      server.close();
      await once(server, 'close');
    },
  };
}

function problem(status: number, message: string): { status: number; body: unknown } {
  return { status, body: { error: [{ message }] } };
}

function fieldsOf(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries<unknown>(
    Object.entries(properties).map(([name, value]) => {
      if (typeof value === 'number') return [name, { numberValue: value }] as const;
      return [name, typeof value === 'boolean' ? { boolValue: value } : { textValue: value }] as const;
    }),
  );
}

function floats(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
