import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import type { ExchangeAnswer, ExchangeRequest } from './exchange.js';
import { fromGrpcFrame, toGrpcFrame } from './grpc-frame.js';

/** A server of HTTP and one of gRPC that answer by one function. */
export interface ExchangeServer {
  readonly origin: string;
  readonly port: number;
  readonly grpcPort: number;
  close(): Promise<void>;
}

/** Starts both; what the function throws is answered as a failure that no client tries again. */
export async function startExchangeServer(
  answer: (request: ExchangeRequest, headers: ReadonlyMap<string, string>) => Promise<ExchangeAnswer>,
): Promise<ExchangeServer> {
  const attempt = async (
    request: ExchangeRequest,
    headers: Readonly<Record<string, unknown>>,
    refused: number,
  ): Promise<ExchangeAnswer> => {
    const told = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
    try {
      return await answer(request, new Map(told));
    } catch (error) {
      return { status: refused, body: error instanceof Error ? error.message : String(error) };
    }
  };
  const http = createServer((request, response) => {
    void (async (): Promise<void> => {
      const line = `${request.method ?? ''} ${request.url ?? ''}`;
      const asked: ExchangeRequest = { channel: 'http', line, body: await text(request) };
      const { status, body } = await attempt(asked, request.headers, 400);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === '' ? undefined : body);
    })();
  });
  const sessions = new Set<ServerHttp2Session>();
  const grpc = createHttp2Server();
  grpc.on('session', (session) => sessions.add(session));
  grpc.on('stream', (stream, headers) => {
    void (async (): Promise<void> => {
      const line = String(headers[':path']);
      const message = fromGrpcFrame(await buffer(stream)).toString('base64');
      const asked: ExchangeRequest = { channel: 'grpc', line, body: message };
      const { status, body } = await attempt(asked, headers, 3);
      const content = { ':status': 200, 'content-type': 'application/grpc+proto' };
      if (status !== 0) {
        const told = { 'grpc-status': String(status), 'grpc-message': encodeURIComponent(body) };
        stream.respond({ ...content, ...told }, { endStream: true });
        return;
      }
      stream.respond(content, { waitForTrailers: true });
      stream.on('wantTrailers', () => {
        stream.sendTrailers({ 'grpc-status': '0' });
      });
      stream.end(toGrpcFrame(Buffer.from(body, 'base64')));
    })();
  });
  const [port, grpcPort] = [await listen(http), await listen(grpc)];
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    grpcPort,
    async close() {
      http.closeAllConnections();
      for (const session of sessions) session.destroy();
      for (const server of [http, grpc]) {
        server.close();
        await once(server, 'close');
      }
    },
  };
}

async function listen(server: Server | Http2Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
