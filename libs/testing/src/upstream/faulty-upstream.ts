import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { upstreamFaults } from './upstream-faults.js';
import type { UpstreamScript, UpstreamStep } from './upstream-script.js';

/** A request that the upstream got. */
export interface UpstreamRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; `undefined` when it is none. */
  readonly body: unknown;
  /** Tells connections apart: requests over one connection share it. */
  readonly clientPort: number | undefined;
  /** Resolves once the connection of this answer is done with: `true` when the client left before the answer's end. */
  readonly clientLeft: Promise<boolean>;
}

/** An HTTP server on a free port of 127.0.0.1 that plays one script per request. */
export interface FaultyUpstream {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** What came in, in order. */
  readonly requests: readonly UpstreamRequest[];
  /** Appends scripts, one for each coming request. A request without one gets HTTP 500 that says so. */
  play(...scripts: readonly UpstreamScript[]): void;
  /** Plays this script for every request that has none of its own. */
  playAlways(script: UpstreamScript): void;
  /** Resolves to the request of this number, from 0, as soon as it has come. */
  request(index: number): Promise<UpstreamRequest>;
  /** Lets all scripts that stand at a `pause` go on; where none does, the next pause is passed. */
  resume(): void;
  /** Breaks what is open and stops. Safe to call twice. */
  close(): Promise<void>;
}

/** Where scripts wait at a pause. */
interface PauseGate {
  readonly waiting: Set<() => void>;
  isOpen: boolean;
}

/** Starts an upstream that can play every fault of {@link upstreamFaults}. Close it when done. */
export async function createFaultyUpstream(): Promise<FaultyUpstream> {
  const requests: UpstreamRequest[] = [];
  const queue: UpstreamScript[] = [];
  const waiting: { index: number; resolve: (request: UpstreamRequest) => void }[] = [];
  const gate: PauseGate = { waiting: new Set(), isOpen: false };
  let always: UpstreamScript = upstreamFaults.json(
    { error: { message: 'The faulty upstream has no script for this request.' } },
    { status: 500 },
  );

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const clientLeft = once(response, 'close').then(() => !response.writableFinished);
    const request = describeRequest(incoming, Buffer.concat(chunks).toString('utf8'), clientLeft);
    requests.push(request);
    for (const waiter of waiting)
      if (waiter.index < requests.length) waiter.resolve(requests[waiter.index] ?? request);
    for (const step of queue.shift() ?? always) {
      if (response.destroyed) return;
      if ((await playStep(step, response, gate)) === 'stop') return;
    }
    response.end();
  };

  const server = createServer((incoming, response) => {
    // A client that leaves while its request is read is nothing to report.
    answer(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    play(...scripts) {
      queue.push(...scripts);
    },
    playAlways(script) {
      always = script;
    },
    request: (index) =>
      new Promise((resolve) => {
        const known = requests[index];
        if (known !== undefined) resolve(known);
        else waiting.push({ index, resolve });
      }),
    resume() {
      gate.isOpen = gate.waiting.size === 0;
      for (const go of gate.waiting) go();
      gate.waiting.clear();
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function describeRequest(
  incoming: IncomingMessage,
  text: string,
  clientLeft: Promise<boolean>,
): UpstreamRequest {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    text,
    body,
    clientPort: incoming.socket.remotePort,
    clientLeft,
  };
}

async function playStep(
  step: UpstreamStep,
  response: ServerResponse,
  gate: PauseGate,
): Promise<'next' | 'stop'> {
  switch (step.do) {
    case 'head':
      response.writeHead(step.status ?? 200, { ...step.headers });
      response.flushHeaders();
      return 'next';
    case 'write':
      await write(response, step.data);
      return 'next';
    case 'flood':
      for (let count = 0; count < step.times && !response.destroyed; count += 1)
        await write(response, step.data);
      return 'next';
    case 'pause':
      if (gate.isOpen) gate.isOpen = false;
      else
        await Promise.race([
          new Promise<void>((resolve) => gate.waiting.add(resolve)),
          once(response, 'close'),
        ]);
      return 'next';
    case 'hang':
      return 'stop';
    case 'end':
      response.end();
      return 'stop';
    case 'destroy':
      response.destroy();
      return 'stop';
  }
}

/** Resolves once the piece has been handed to the system, so that pieces arrive apart and floods do not fill memory. */
async function write(response: ServerResponse, data: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.write(data, () => {
      response.off('close', resolve);
      resolve();
    });
  });
}
