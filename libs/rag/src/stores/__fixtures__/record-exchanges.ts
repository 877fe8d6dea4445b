import { once } from 'node:events';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { buffer } from 'node:stream/consumers';
import {
  writeRecording,
  withOrigin,
  withoutOrigin,
  type Exchange,
  type ExchangeAnswer,
  type ExchangeRequest,
  type Recording,
} from './exchange.js';
import { fromGrpcFrame, toGrpcFrame } from './grpc-frame.js';
import type { Exchanges } from './replay-exchanges.js';
import { startExchangeServer } from './start-exchange-server.js';

/** Starts a server that hands everything to a service and writes down what both said. */
export async function recordExchanges(options: {
  file: URL;
  /** The name and version of the service. */
  service: string;
  httpUrl: string;
  grpcUrl?: string | undefined;
  /** Looks at each exchange; what it throws fails the recording. */
  check?: (exchange: Exchange) => void;
}): Promise<Exchanges> {
  const { file, service, httpUrl, grpcUrl, check } = options;
  const recording: Recording = new Map();
  const grpc = grpcUrl === undefined ? undefined : connect(grpcUrl);
  let current: Exchange[] = [];
  const problems: string[] = [];

  const ask = async (
    { channel, line, body }: ExchangeRequest,
    headers: ReadonlyMap<string, string>,
  ): Promise<ExchangeAnswer> => {
    if (channel === 'http') {
      const [method = '', path = ''] = line.split(' ');
      const named = ['content-type', 'api-key', 'x-pinecone-api-version'];
      const response = await fetch(new URL(path, httpUrl), {
        method,
        headers: named.flatMap((name): [string, string][] => {
          const value = headers.get(name);
          return value === undefined ? [] : [[name, value]];
        }),
        ...(body === '' ? {} : { body: withOrigin(body, httpUrl) }),
      });
      return { status: response.status, body: await response.text() };
    }
    if (grpc === undefined) throw new Error('The service has no gRPC.');
    const stream = grpc.request({
      ':method': 'POST',
      ':path': line,
      'content-type': 'application/grpc+proto',
      te: 'trailers',
    });
    let head: IncomingHttpHeaders = {};
    const note = (given: IncomingHttpHeaders): void => {
      head = { ...head, ...given };
    };
    stream.on('response', note).on('trailers', note);
    const ended = once(stream, 'close');
    stream.end(toGrpcFrame(Buffer.from(body, 'base64')));
    const message = fromGrpcFrame(await buffer(stream));
    await ended;
    const status = Number(head['grpc-status'] ?? 2);
    if (status === 0) return { status, body: message.toString('base64') };
    return { status, body: decodeURIComponent([head['grpc-message'] ?? ''].flat().join('')) };
  };

  const server = await startExchangeServer(async (asked, headers) => {
    const request = { ...asked, body: withoutOrigin(asked.body, server.origin) };
    const { status, body } = await ask(request, headers);
    const answer = { status, body: withoutOrigin(body, httpUrl) };
    current.push({ request, answer });
    try {
      check?.({ request, answer });
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
    return { status, body: withOrigin(answer.body, server.origin) };
  });
  return {
    ...server,
    begin(test) {
      recording.set(test, (current = []));
    },
    end() {
      if (problems.length > 0) throw new Error(problems.splice(0).join('\n'));
    },
    async close() {
      grpc?.close();
      await server.close();
      writeRecording(file, service, recording);
    },
  };
}
