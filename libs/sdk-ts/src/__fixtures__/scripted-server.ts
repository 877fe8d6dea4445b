import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers one request in any way, faults included. */
export type Answer = (response: ServerResponse, request: SeenRequest) => void | Promise<void>;

/** A real HTTP server that gives each request to a path the next scripted answer. */
export interface ScriptedServer {
  readonly url: string;
  readonly requests: SeenRequest[];
  /** Appends answers for `METHOD /path` (without query). */
  on(route: string, ...answers: Answer[]): void;
  close(): Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const script = new Map<string, Answer[]>();
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seen: SeenRequest = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      requests.push(seen);
      const path = seen.url.split('?')[0] ?? '';
      const answer =
        script.get(`${seen.method} ${path}`)?.shift() ?? problem(404, 'ERR_TEST_UNSCRIPTED');
      void answer(response, seen);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    on(route, ...answers) {
      script.set(route, [...(script.get(route) ?? []), ...answers]);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A JSON answer. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** An error of the native wire. */
export function problem(
  status: number,
  code: string,
  extra: { headers?: Record<string, string>; body?: Record<string, unknown> } = {},
): Answer {
  return (response) => {
    response.writeHead(status, {
      'content-type': 'application/problem+json',
      'x-request-id': 'req_1',
      ...extra.headers,
    });
    response.end(
      JSON.stringify({
        type: `/problems/${code}`,
        title: 'Problem',
        status,
        detail: `It went wrong (${code}).`,
        code,
        requestId: 'req_1',
        ...extra.body,
      }),
    );
  };
}

/** Closes the connection without an answer. */
export const hangUp: Answer = (response) => {
  response.destroy();
};

/** Never answers. */
export const keepSilent: Answer = () => undefined;
