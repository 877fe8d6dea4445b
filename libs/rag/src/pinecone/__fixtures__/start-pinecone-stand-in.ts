import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createPineconeData, type PineconeData } from './pinecone-data.js';
import { BadRequest } from './pinecone-filter.js';

/** A server that answers as Pinecone does, as far as the store asks it. */
export interface PineconeStandIn {
  readonly url: string;
  /** Each request as `METHOD path`, in order. */
  readonly requests: string[];
  /** Every request fails with this status from now on; undefined ends it. */
  failWith(status: number | undefined): void;
  close(): Promise<void>;
}

const API_KEY = 'test-key';

/** Starts the server: index management at its root, the data of an index under `/of/<name>`. */
export async function startPineconeStandIn(): Promise<PineconeStandIn> {
  const indexes = new Map<string, PineconeData>();
  const requests: string[] = [];
  let failure: number | undefined;
  let url = '';

  const modelOf = (name: string, { dimension }: PineconeData): unknown => ({
    name,
    host: `${url}/of/${name}`,
    status: { ready: true, state: 'Ready' },
    deployment: { deployment_type: 'managed', cloud: 'aws', region: 'us-east-1' },
    schema: { fields: { _values: { type: 'dense_vector', dimension, metric: 'cosine' } } },
    deletion_protection: 'disabled',
  });
  const manage = (method: string, name: string, body: Record<string, unknown>): Answer => {
    if (name === '' && method === 'GET')
      return { status: 200, body: { indexes: [...indexes].map(([key, data]) => modelOf(key, data)) } };
    if (name === '') {
      const wanted = String(body['name']);
      const schema = body['schema'] as { fields: { _values: { dimension: number } } };
      if (!/^[a-z0-9]([a-z0-9-]{0,43}[a-z0-9])?$/u.test(wanted))
        return problem(400, 'INVALID_ARGUMENT', `The name ${wanted} is not valid.`);
      if (indexes.has(wanted)) return problem(409, 'ALREADY_EXISTS', 'Resource already exists.');
      const data = createPineconeData(schema.fields['_values'].dimension);
      indexes.set(wanted, data);
      return { status: 201, body: modelOf(wanted, data) };
    }
    const data = indexes.get(name);
    if (data === undefined) return problem(404, 'NOT_FOUND', `Resource ${name} not found`);
    if (method === 'GET') return { status: 200, body: modelOf(name, data) };
    indexes.delete(name);
    return { status: 202, body: {} };
  };
  const answer = (method: string, at: URL, body: Record<string, unknown>): Answer => {
    const [, area = '', name = '', ...rest] = at.pathname.split('/');
    if (area === 'indexes') return manage(method, name, body);
    const found = indexes.get(name)?.answer(`/${rest.join('/')}`, at.searchParams, body);
    return found === undefined ? problem(404, 'NOT_FOUND', 'Not found') : { status: 200, body: found };
  };

  const server = createServer((request, response) => {
    void (async (): Promise<void> => {
      const at = new URL(request.url ?? '/', url);
      requests.push(`${request.method ?? ''} ${at.pathname}`);
      const content = await text(request);
      let result: Answer;
      if (failure !== undefined) result = dataProblem(failure, 'Failing as told.');
      else if (request.headers['api-key'] !== API_KEY)
        result = { status: 401, body: 'Invalid API key.' };
      else
        try {
          const body = content === '' ? {} : (JSON.parse(content) as Record<string, unknown>);
          result = answer(request.method ?? '', at, body);
        } catch (error) {
          if (!(error instanceof BadRequest)) throw error;
          result = dataProblem(400, error.message);
        }
      const isText = typeof result.body === 'string';
      response.writeHead(result.status, {
        'content-type': isText ? 'text/plain' : 'application/json',
      });
      response.end(isText ? result.body : JSON.stringify(result.body));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    failWith(status) {
      failure = status;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function problem(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message }, status } };
}

/** What an index says: the status of gRPC's HTTP mapping. */
function dataProblem(status: number, message: string): Answer {
  return { status, body: { code: 3, message, details: [] } };
}
